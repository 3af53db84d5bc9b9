"""FilterLab: its numbers by hand, its pixels against convlib, own pictures, the camera, its speed."""

import json
from contextlib import contextmanager

import numpy as np
import pytest
import traitlets
from browser import FLAGS, until
from PIL import Image
from widget_pages import open_page, says, widget_page

from convlib import kernels
from convlib.ops import convolve, correlate, flip
from convlib.signals.data import load_photo
from convlib.widgets import FilterLab
from convlib.widgets.filter_lab.widget import PRESETS, preset_kernel, small_photo
from convlib.widgets.lib.traits import Picture, pixels
from tools.env.chromium import chromium_path

TRANSPOSED = [[1, 2, 3], [2, 4, 5], [3, 5, 6]]
FRAME = 1000 / 30  # ms


def own(kernel, **traits):
    """A lab with a 3 by 3 kernel of its own."""
    return FilterLab(preset="", size=3, kernel=np.pad(kernel, 2), **traits)


def noise(rows, cols):
    return np.random.default_rng(0).integers(0, 256, (rows, cols)) / 255


class TestNumbers:
    def test_presets_are_the_known_kernels(self):
        assert np.array_equal(preset_kernel("identity", 3), kernels.identity(3))
        assert np.allclose(preset_kernel("box", 5) / 25, kernels.box(5))
        assert preset_kernel("gaussian", 3).tolist() == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]
        assert preset_kernel("sharpen", 3).tolist() == [[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]]
        assert preset_kernel("edges", 3).tolist() == [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]
        assert preset_kernel("edges4", 3).tolist() == [[0, -1, 0], [-1, 4, -1], [0, -1, 0]]
        assert np.array_equal(preset_kernel("sobel", 7)[2:5, 2:5], kernels.sobel())
        assert preset_kernel("smear", 5)[2].tolist() == [0, 0, 3, 2, 1]
        assert all(preset_kernel(name, n).shape == (n, n) for name in PRESETS if name for n in (3, 5, 7))

    def test_the_photo_is_a_small_copy(self):
        photo = small_photo()
        assert photo.shape == (200, 256)
        assert np.isclose(photo[3, 5], load_photo()[26:28, 10:12].mean())
        assert len(FilterLab().photo["grey"]) < 70_000

    def test_the_gap_by_hand(self):
        """One bright pixel: the outputs are the kernel, turned or not; 6 - 1 is the largest difference."""
        dot = np.zeros((9, 9))
        dot[4, 4] = 1
        assert own(TRANSPOSED, photo=dot, average=False).shown()["gap"] == 5
        assert own(TRANSPOSED, photo=dot).shown()["gap"] == pytest.approx(5 / 31)
        assert FilterLab(photo=dot, preset="gaussian").shown()["gap"] == 0

    def test_amplitudes_by_hand(self):
        """Stripes 1, 1, 1 and 1, 0, -1 and 1, -1, 1 on the column sums of the kernel."""
        box = FilterLab(preset="box", size=3)
        assert [box.amplitude(f) for f in (0, 1 / 4, 1 / 2)] == pytest.approx([1, 1 / 3, 1 / 3])
        assert box.amplitude(1 / 3) == pytest.approx(0)
        sobel = {"upright": [0, 8, 0], "level": [0, 0, 0]}
        for stripes, expected in sobel.items():
            lab = FilterLab(preset="sobel", size=5, stripes=stripes)
            assert [lab.amplitude(f) for f in (0, 1 / 4, 1 / 2)] == pytest.approx(expected)

    def test_the_flip_does_not_change_an_amplitude(self):
        for fineness in np.linspace(0, 0.5, 11):
            there, back = own(TRANSPOSED).amplitude(fineness), own(flip(np.array(TRANSPOSED))).amplitude(fineness)
            assert there == pytest.approx(back)

    def test_a_picture_keeps_its_pixels(self):
        class Holder(traitlets.HasTraits):
            photo = Picture()

        holder = Holder(photo=noise(8, 11))
        assert np.array_equal(pixels(holder.photo) / 255, noise(8, 11))
        holder.photo = dict(holder.photo)
        assert json.loads(json.dumps(holder.photo)) == holder.photo


@contextmanager
def page_of(lab, browser, site, **options):
    address = site.put("lab", widget_page([lab]))
    with open_page(browser, address, **options) as (page, seen):
        until(page, "() => sweep.root()")
        page.evaluate("document.querySelectorAll('.fs-more').forEach((n) => { n.open = true; })")
        yield page, seen
        assert seen.problems(site.base) == []


class TestWords:
    def test_the_sentence_names_the_symmetry(self, browser):
        starts = {
            "Box blur: half a turn leaves this kernel as it is": FilterLab(preset="box"),
            "Sobel: half a turn changes the sign of every weight": FilterLab(preset="sobel"),
            "Emboss: half a turn makes another kernel of this one, so the two": FilterLab(preset="emboss"),
            "Own kernel: half a turn makes another kernel of this one, so the two": FilterLab(preset=""),
            "Emboss: half a turn makes another kernel of this one, but in this picture nobody could tell": FilterLab(
                photo=np.full((9, 9), 0.5)
            ),
        }
        assert all(map(str.startswith, says(browser, *starts.values()), starts))

    def test_the_title_names_the_operation_and_where_zero_lies(self, browser):
        titles = {
            "Result h ⋆ x": FilterLab(),
            "Result h ∗ x, mid-grey is 0": FilterLab(preset="sobel", op="convolve"),
            "Difference h ⋆ x − h ∗ x, mid-grey is 0": FilterLab(view="difference"),
        }
        assert says(browser, *titles.values(), part=".fl-out .fs-title") == list(titles)

    def test_predict_hides_the_answer(self, browser):
        traits = {"predict": True, "op": "convolve", "view": "difference"}
        asked, wrong, right = (FilterLab(**traits, guess=guess) for guess in ("", "same", "other"))
        assert "gap" not in asked.shown() and "gap" in wrong.shown()
        assert says(browser, asked, part=".fl-out .fs-title") == ["Result h ⋆ x"]
        answers = says(browser, asked, part=".fs-answers")[0].split("\n")
        assert answers == ["nothing", "only the sign", "another picture"]
        starts = ["Emboss. The picture shows the correlation. What", "No. Emboss: ", "Right. Emboss: "]
        assert all(map(str.startswith, says(browser, asked, wrong, right), starts))


GREYS = """(canvas) => { const d = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  return Array.from({ length: canvas.height }, (_, r) =>
    Array.from({ length: canvas.width }, (_, c) => d[4 * (r * canvas.width + c)])); }"""


def drawn(page, which=".fl-out canvas"):
    return np.array(page.locator(which).evaluate(GREYS))


def expected(lab, image, start, gain):
    """The grey of each pixel, worked out with convlib alone; halves go up."""
    h = preset_kernel(lab.preset, lab.size) if lab.preset else np.array(lab.kernel)[2:5, 2:5]
    padded = np.pad(np.round(255 * image).astype(int), lab.size // 2, mode="edge")
    one, two = correlate(padded, h, mode="valid"), convolve(padded, h, mode="valid")
    values = one - two if lab.view == "difference" else two if lab.op == "convolve" else one
    return np.floor(np.clip(start + gain * values, 0, 255) + 0.5)


LABS = [
    (FilterLab(photo=noise(12, 17), preset="gaussian", size=7), 0, 1 / 4096),
    (FilterLab(photo=noise(12, 17), preset="emboss", size=3, op="convolve"), 0, 1),
    (FilterLab(photo=noise(12, 17), preset="sobel", size=5, op="convolve"), 127.5, 0.5),
    (own([[1, 0, 0], [0, -1, 0], [0, 0, 1]], photo=noise(12, 17), average=False), 0, 1),
    (own(TRANSPOSED, photo=noise(12, 17), view="difference"), 127.5, 0.5 / 31),
]


@pytest.mark.parametrize(("lab", "start", "gain"), LABS)
def test_every_pixel_is_convlibs(lab, start, gain, browser, site):
    with page_of(lab, browser, site) as (page, _):
        wanted = expected(lab, noise(12, 17), start, gain)
        assert np.abs(drawn(page) - wanted).max() <= (0 if gain in (1, 0.5) else 1)
        assert np.array_equal(drawn(page, ".fl-in canvas"), 255 * noise(12, 17))
        assert len(np.unique(wanted)) > 2, "a picture of one grey proves nothing"


def test_the_pixels_must_fail_for_the_other_operation(browser, site):
    lab, start, gain = LABS[1]
    with page_of(lab, browser, site) as (page, _):
        page.get_by_role("radio", name="correlation").check()
        assert np.abs(drawn(page) - expected(lab, noise(12, 17), start, gain)).max() > 100


class TestOwnPicture:
    def test_a_file_stays_in_the_browser(self, browser, site, tmp_path):
        Image.fromarray((255 * noise(40, 60)).astype(np.uint8)).save(tmp_path / "own.png")
        with page_of(FilterLab(preset="emboss"), browser, site) as (page, seen):
            before, requests = page.evaluate("sweep.root().state()"), len(seen.requests)
            page.locator("input[type=file]").set_input_files(tmp_path / "own.png")
            until(page, "document.querySelector('.fl-in canvas').width === 60")
            assert np.array_equal(drawn(page, ".fl-in canvas"), 255 * noise(40, 60))
            assert np.array_equal(drawn(page), expected(FilterLab(preset="emboss"), noise(40, 60), 0, 1))
            assert page.evaluate("sweep.root().state()") == before and len(seen.requests) == requests
            assert page.locator("[data-shown=gap]").count() == 0, "Python knows nothing of this picture"
            gap = FilterLab(preset="emboss", photo=noise(40, 60)).shown()["gap"]
            assert float(page.locator(".fl-gap [data-value]").get_attribute("data-value")) == gap
            page.get_by_role("button", name="Reset").click()
            assert page.locator(".fl-in canvas").evaluate("(c) => c.width") == 256
            assert page.locator("[data-shown=gap]").count() == 1

    def test_a_large_one_is_made_smaller(self, browser, site, tmp_path):
        Image.new("L", (1500, 800), 100).save(tmp_path / "large.png")
        with page_of(FilterLab(), browser, site) as (page, _):
            page.locator("input[type=file]").set_input_files(tmp_path / "large.png")
            until(page, "document.querySelector('.fl-in canvas').width === 600")
            assert drawn(page, ".fl-in canvas").shape == (320, 600)

    def test_a_file_that_is_no_picture(self, browser, site, tmp_path):
        (tmp_path / "words.png").write_text("words")
        with page_of(FilterLab(), browser, site) as (page, _):
            page.locator("input[type=file]").set_input_files(tmp_path / "words.png")
            page.get_by_text("This file is not a picture that the browser can read.").wait_for()
            assert drawn(page, ".fl-in canvas").shape == (200, 256)


class TestCamera:
    def test_refused(self, browser, site):
        with page_of(FilterLab(), browser, site) as (page, _):
            page.get_by_role("button", name="Camera").click()
            page.get_by_text("The camera stays off:").wait_for()
            assert page.get_by_role("button", name="Camera").inner_text() == "Camera"
            assert drawn(page, ".fl-in canvas").shape == (200, 256)

    def test_alive_until_it_is_stopped(self, browser, site):
        camera = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
        path = chromium_path()
        with_camera = browser.browser_type.launch(executable_path=path, args=[*FLAGS, *camera])
        with page_of(FilterLab(preset="emboss"), with_camera, site) as (page, _):
            page.get_by_role("button", name="Camera").click()
            page.get_by_text("What the camera sees stays on this device.").wait_for()
            canvas = page.locator(".fl-in canvas")
            rows, cols = canvas.evaluate("(c) => [c.height, c.width]")
            assert (rows, cols) != (200, 256) and rows <= 400 and cols <= 600
            first = canvas.evaluate("(c) => window.first = c.toDataURL()")
            assert len(first) > 100
            until(page, "document.querySelector('.fl-in canvas').toDataURL() !== window.first")
            page.get_by_role("button", name="Stop the camera").click()
            assert drawn(page, ".fl-in canvas").shape == (200, 256)
        with_camera.close()


TIMES = """(turns) => { const radios = [...document.querySelectorAll(".fs-first .fs-choice input")].slice(0, 2);
  const canvas = document.querySelector(".fl-out canvas"), times = [];
  for (let n = 0; n < turns; n++) {
    const begin = performance.now();
    radios[(n + 1) % 2].click();
    canvas.getContext("2d").getImageData(0, 0, 1, 1);
    times.push(performance.now() - begin);
  }
  return times; }"""


def test_thirty_frames_a_second(browser, site, tmp_path, record_property):
    """A 7 by 7 kernel without any symmetry on 600 by 400 pixels; the best frame, so that load does not count."""
    Image.fromarray((255 * noise(400, 600)).astype(np.uint8)).save(tmp_path / "own.png")
    kernel = np.random.default_rng(1).integers(1, 9, (7, 7))
    with page_of(FilterLab(preset="", size=7, kernel=kernel), browser, site) as (page, _):
        page.locator("input[type=file]").set_input_files(tmp_path / "own.png")
        until(page, "document.querySelector('.fl-in canvas').width === 600")
        times = []
        for _ in range(8):  # a busy machine gets more chances
            times += page.evaluate(TIMES, 15)
            if min(times) <= FRAME:
                break
        best, middle = min(times), float(np.median(times))
        print(f"7 by 7 on 600 by 400: best frame {best:.1f} ms, median {middle:.1f} ms")
        record_property("frame ms", round(best, 1))
        assert best <= FRAME, times
