"""What the tests of the interactives share."""

import pytest
from widget_pages import widget_site


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    with widget_site(tmp_path_factory.mktemp("widgets")) as one:
        yield one
