from appliance.web.charts import HEIGHT, WIDTH, bars


def test_bars_stand_in_the_picture_and_link_to_their_minute() -> None:
    drawn = bars("calls", [{"failed": 3, "completed": 7}, {}], 0)
    first, second = drawn.bars
    assert [piece.name for piece in first.pieces] == ["completed", "failed"]
    assert second.pieces == ()
    for piece in first.pieces:
        assert 0 <= piece.y <= HEIGHT and piece.height > 0
    assert first.x + first.width <= WIDTH
    assert "from=1970-01-01T00%3A00%3A00.000000Z&to=1970-01-01T00%3A01%3A00.000000Z" in first.address
    assert drawn.lines[-1][1] == "10"


def test_no_minutes_are_no_bars() -> None:
    assert bars("calls", [], 0).bars == ()
