"""Pictures of each page, of a demo with something to tell, and the page of the manual with them.

    python -m tests.pictures
    python -m tests.pictures --only run run-open     these alone; the others stay

Nothing in docs/ is touched before all pictures are taken. Exit code 1 if a page is not well.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import sync_playwright

from bench.stage import Stage, need, staged
from tests.commands.installation import Installation, answers, wait_until
from tests.fakes.http_sink import HttpSink
from tests.lab.browser import launch_options
from tests.lab.demo import DemoLab
from tests.lab.missing import LabError
from tests.lab.ports import free_port
from tests.pictures.album import SHOTS
from tests.pictures.camera import Camera, PictureError
from tests.pictures.manual import FOLDER, write_manual
from tests.pictures.person import Person, PersonError
from tests.pictures.shots import Shot, When
from tests.pictures.story import Story

PASSWORD = "pictures-password"


def main() -> None:
    chosen = set(arguments().only)
    shots = [shot for shot in SHOTS if not chosen or shot.name in chosen]
    with staged() as stage:
        folder, wide_folder = stage.root / "pictures", stage.root / "wide"
        try:
            take(stage, shots, folder, wide_folder)
        except (AssertionError, LabError, PersonError, PictureError) as error:
            sys.exit(f"No pictures were made: {error}")
        keep(folder, is_all=not chosen)
        wide = shutil.move(wide_folder, tempfile.mkdtemp(prefix="watchweb-"))
    write_manual()
    print(f"{len(shots)} pages are in {FOLDER}; some as on a wide screen: {wide}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.pictures", description="Pictures of each page.")
    names = [shot.name for shot in SHOTS]
    parser.add_argument("--only", nargs="+", default=[], choices=names, metavar="NAME")
    return parser.parse_args()


def take(stage: Stage, shots: Sequence[Shot], folder: Path, wide_folder: Path) -> None:
    """All shots, each at its point of the story; the wide ones into a folder of their own."""
    need("chromium")
    lab = stage.start(DemoLab(stage.root / "lab"))
    site = stage.root / "site"
    for one in (folder, wide_folder, site):
        one.mkdir()
    story = Story(lab, Installation(site))
    story.connect()
    with ExitStack() as ends:
        address = serve(story, ends)
        sink = ends.enter_context(HttpSink().served())
        playwright = ends.enter_context(sync_playwright())
        browser = playwright.chromium.launch(**launch_options())  # type: ignore[arg-type]
        ends.callback(browser.close)
        tell(story, shots, Camera(browser, address, folder, wide_folder), sink)


def serve(story: Story, ends: ExitStack) -> str:
    """Watchweb as `make up` runs it, until the end; its address."""
    bind = f"127.0.0.1:{free_port()}"
    own = {"WATCHWEB_ADMIN_PASSWORD": PASSWORD, "WATCHWEB_GATE_SECONDS": "2"}
    ends.enter_context(story.installation.running("up", "--bind", bind, **own))
    wait_until(lambda: answers(bind), 120, "Watchweb did not start")
    return f"http://{bind}"


def tell(story: Story, shots: Sequence[Shot], camera: Camera, sink: HttpSink) -> None:
    def shoot(when: When, person: Person) -> None:
        print(f"Pictures {when.value}.", flush=True)
        camera.take([shot for shot in shots if shot.when is when], person.session, story.facts)

    shoot(When.BEFORE, Person(camera.site, PASSWORD))
    person = Person(camera.site, PASSWORD)  # Anew: the session before is in the first steps.
    story.live(person, sink)
    shoot(When.LATER, person)
    story.begin_update(person)
    shoot(When.DURING, person)
    story.end_update()
    person.wait_for(story.facts["running"])


def keep(folder: Path, *, is_all: bool) -> None:
    """Put the pictures where the manual shows them; of all of them no older one stays."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.webp") if is_all else ():
        old.unlink()
    for picture in folder.iterdir():
        shutil.copy(picture, FOLDER)


if __name__ == "__main__":
    main()
