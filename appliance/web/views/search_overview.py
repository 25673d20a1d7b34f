"""/search/overview: figures and histogram of a search, as a fragment, so that its rows need not wait for them."""

from starlette.responses import Response

from appliance.web import asking
from appliance.web.overview import Overview, overview_of
from appliance.web.patience import while_wanted
from appliance.web.render import page
from appliance.web.state import Request, now_us


@while_wanted
async def show(request: Request) -> Response:
    """The figures and the histogram of a search; of one that cannot be asked what is wrong with it."""
    asked = asking.of(request.query_params, 1)
    query = asking.kept(request.query_params)
    try:
        asked = asking.resolved(asked, now_us())
        found = await overview_of(request, asked, query)
    except asking.PROBLEMS as error:
        found = Overview(None, [], {}, asking.problem_of(error, asked).sentence)
    return page(request, "parts/_overview.html", {"overview": found, "asked": asked})
