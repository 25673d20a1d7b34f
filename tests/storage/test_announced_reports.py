"""Reports as a writer tells them: what a search finds, and nothing that another process could not have meant."""

import pytest

from appliance.model.octets import octets
from appliance.model.quality import QualityRow
from appliance.settings import MysqlSettings
from appliance.storage import announced, announced_reports
from appliance.storage.bundle import Bundle
from appliance.storage.connection import Database
from appliance.storage.search import Question, search
from appliance.storage.store import Store
from tests.new_rows import INVITE, new_row, reporting
from tests.storage.measured import stream
from tests.storage.search.stored import HOUR, NOON

UNKNOWN = stream(
    ssrc=None, mos=None, mos_model="", lost=None, loss_percent=None, codec="", jitter_ms=1e30, source_ip="2001:db8::1"
)


async def test_what_is_told_is_what_a_search_finds(mysql: MysqlSettings, tables: Database) -> None:
    packets = [reporting(stream(), UNKNOWN), new_row(INVITE), reporting(stream(codec="\udcff\t|"), time_us=NOON + 7)]
    store, bundle = Store(mysql, 3), Bundle(batches=[("one", 3)], rows=packets)
    await store.store(bundle)
    await store.close()
    page = await search(tables, "hep1", Question("", NOON - HOUR, NOON + HOUR, "quality"))
    found = {row for row in page.rows if isinstance(row, QualityRow)}
    count, told = announced_reports.lines(announced.stored(bundle.blocks, 100), 100)
    again, rows = announced_reports.decoded("hep1", announced_reports.encoded(count, told))
    assert (count, again, len(found)) == (3, 3, 3)
    assert set(rows) == found
    assert octets("\udcff\t|") in {octets(row.measured.codec) for row in found}


@pytest.mark.parametrize("most", [0, 1, 3, 7, 100])
def test_of_many_some_from_everywhere_are_told(most: int) -> None:
    packets = [announced.Stored(number, reporting(stream(ssrc=number))) for number in range(10)]
    count, told = announced_reports.lines(packets, most)
    assert (count, len(told)) == (10, min(most, 10))
    _, rows = announced_reports.decoded("hep1", announced_reports.encoded(count, told))
    numbers = [row.measured.ssrc or 0 for row in rows]
    assert numbers == sorted(set(numbers))
    assert most < 3 or (numbers[0] == 0 and numbers[-1] >= 5)


@pytest.mark.parametrize(
    "body", [b"", b"\1\0\0", b"\1\0\0\0x", b"\1\0\0\0" + b"\t".join([b"1"] * 27), b"\1\0\0\0" + b"1\t" * 40]
)
def test_what_another_version_tells_is_refused(body: bytes) -> None:
    with pytest.raises(announced.Unreadable):
        list(announced_reports.decoded("hep1", announced.packed(body))[1])
    with pytest.raises(announced.Unreadable):
        announced_reports.decoded("hep1", body)
