import pytest

from tests.deploy.hosts import make_images


@pytest.fixture(scope="session", autouse=True)
def images() -> None:
    make_images()
