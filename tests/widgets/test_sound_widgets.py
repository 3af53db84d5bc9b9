"""RoomSound and SoundRow: what the browser convolves against convlib, what is played, and when."""

import json

import numpy as np
import pytest
import traitlets
from browser import until
from widget_pages import box_of, drag, host, middle_of, says, state, traits_of

from convlib.ops import convolve
from convlib.signals.rooms import room_response
from convlib.widgets import RoomSound, SoundRow
from convlib.widgets.lib.traits import Sounds, heard

RNG = np.random.default_rng(0)
NOISE = [("noise", "hiss", RNG.normal(size=900)), ("a tick", "short", [0.0, 1.0, -0.5])]
LIMIT = 1e-5  # of the peak; no gain and no delay is fitted
ROOMS = [
    {},
    {"length": 2.0, "width": 2.0, "height": 2.0, "absorption": 10, "mix": 60},
    {"length": 15.0, "width": 10.0, "height": 6.0, "absorption": 20, "source": [0.05, 0.95], "listener": [0.5, 0.1]},
    {"absorption": 90, "mix": 0, "sound": 1},
]


class Spoiled:
    """The same front-end with one piece changed, as `host` takes it."""

    def __init__(self, cls, old, new):
        assert old in cls._esm, f"{old} is no longer in the source: adapt this test"
        self._esm, self._css = cls._esm.replace(old, new), cls._css


def values(page, question):
    code = f"async (root) => JSON.stringify([...await root.{question}()])"
    return np.array(json.loads(page.locator(".fs").evaluate(code)))


def error(page, room):
    """Largest difference between what the browser plays and convlib's output, as a share of the peak."""
    expected = convolve(heard(room.sounds[room.sound]), room.response())
    played = values(page, "rendered")
    assert played.shape == expected.shape
    return float(np.abs(played - expected).max() / np.abs(expected).max())


class TestConvolver:
    @pytest.mark.parametrize("given", ROOMS)
    def test_the_browser_plays_what_convlib_computes(self, given, browser, record_property):
        room = RoomSound(sounds=NOISE, **given)
        page = host(browser, RoomSound, [traits_of(room)])
        worst = error(page, room)
        print(f"{given}: largest error {worst:.1e} of the peak")
        record_property("error of the peak", worst)
        assert worst <= LIMIT

    def test_must_fail_with_normalize_left_on(self, browser):
        room = RoomSound(sounds=NOISE)
        loud = Spoiled(RoomSound, "room.normalize = false;", "")
        page = host(browser, loud, [traits_of(room)])
        assert error(page, room) > 0.1

    @pytest.mark.parametrize("given", ROOMS)
    def test_response_and_dry_sound_are_pythons(self, given, browser):
        room = RoomSound(sounds=NOISE, **given)
        page = host(browser, RoomSound, [traits_of(room)])
        h = room.response()
        assert np.abs(values(page, "response") - h).max() < 1e-12 * h.max()
        assert np.allclose(values(page, "dry"), heard(room.sounds[room.sound]), rtol=0, atol=1e-7)


class TestPlaying:
    ASK = """((old) => { window.made = [];
      window.Audio = class extends old { constructor(src) { super(src); made.push(this); } }; })(Audio)"""

    def page(self, browser, widget):
        page = host(browser, RoomSound if isinstance(widget, RoomSound) else SoundRow, [traits_of(widget)])
        page.evaluate(self.ASK)
        return page

    def test_nothing_is_made_before_the_first_press(self, browser):
        page = self.page(browser, RoomSound(sounds=NOISE))
        page.evaluate("() => { window.AudioContext = class { constructor() { throw Error('no'); } }; }")
        page.get_by_label("Length (m)").press("ArrowRight")
        assert page.evaluate("made.length") == 0
        page.get_by_role("button", name="Play it in the room").click()
        until(page, "made.length === 1 && !made[0].paused")
        page.get_by_role("button", name="Stop").click()
        assert page.evaluate("made[0].paused") and page.get_by_role("button", name="Stop").count() == 0

    def test_by_keyboard_one_at_a_time_and_by_itself_at_the_end(self, browser):
        page = self.page(browser, SoundRow(sounds=[("long", "3 s", RNG.normal(size=24_000)), *NOISE]))
        page.get_by_role("button", name="Play: long").press("Enter")
        until(page, "made.length === 1 && !made[0].paused && made[0].duration === 3")
        page.get_by_role("button", name="Play: noise").press("Enter")
        until(page, "made.length === 2 && made[0].paused")
        until(page, "made[1].ended")
        until(page, "![...document.querySelectorAll('button')].some((b) => b.textContent === 'Stop')")

    def test_volume_and_speed_change_what_is_playing(self, browser):
        page = self.page(browser, SoundRow(sounds=[("long", "3 s", RNG.normal(size=24_000))]))
        page.get_by_role("button", name="Play: long").click()
        page.get_by_role("slider", name="Volume (%)").press("Home")
        page.get_by_role("radio", name="1/2").check()
        assert page.evaluate("[made[0].volume, made[0].playbackRate, made[0].preservesPitch]") == [0, 0.5, False]

    def test_the_file_holds_the_samples(self, browser):
        sound = RNG.normal(size=400)
        page = self.page(browser, SoundRow(sounds=[("noise", "hiss", sound)]))
        page.get_by_role("button", name="Play: noise").click()
        read = page.evaluate(
            """async () => { const bytes = await (await fetch(made[0].src)).arrayBuffer();
            return [...(await new OfflineAudioContext(1, 1, 8000).decodeAudioData(bytes)).getChannelData(0)]; }"""
        )
        assert np.allclose(read, 0.8 * sound / np.abs(sound).max(), rtol=0, atol=0.03)
        assert np.isclose(np.abs(read).max(), 0.8, atol=1e-3)


class TestRoom:
    def test_dragging_the_source(self, browser):
        page = host(browser, RoomSound, [traits_of(RoomSound(length=6.0, width=4.0))])
        x, y, width, height = box_of(page.locator(".rs-room path"))
        drag(page, middle_of(page.get_by_role("slider", name="Source")), (x + 0.5 * width, y + 0.3 * height))
        assert np.allclose(state(page)["source"], [0.5, 0.7])
        page.get_by_role("slider", name="Source").press("ArrowUp")
        assert page.get_by_role("slider", name="Source").get_attribute("aria-valuetext") == "3 m along, 3 m across"

    def test_by_hand(self):
        """Both in the middle of a cube: 0.4 m apart, the floor nearest: way 2.8 m."""
        shown = RoomSound(length=6.0, width=6.0, height=6.0, source=[0.5, 0.5], listener=[0.5, 0.5]).shown()
        assert np.isclose(float(shown["distance"]), 0.4) and np.isclose(float(shown["echo"]), 2800 / 343)
        assert shown["wall"] == "the floor" and np.isclose(float(shown["way"]), 2.8)

    def test_no_echoes_leave_the_direct_sound(self):
        h = RoomSound(mix=0).response()
        assert np.count_nonzero(h) == 1 and np.isclose(h.max(), room_response(*RoomSound()._room(), 8000, 0.1).max())

    def test_predict(self, browser):
        asked, right, wrong = (RoomSound(predict=True, guess=guess) for guess in ("", "many", "few"))
        assert not {"count", "way", "wall"} & set(asked.shown())
        texts = says(browser, asked, right, wrong)
        told = "Within 50 ms the clap arrives 418 times. The first echo comes from the ceiling, after 3.48 m."
        assert texts[0].endswith("?") and texts[1].startswith(f"Right. {told}") and texts[2].startswith(f"No. {told}")
        assert says(browser, asked, part=".fs-answers button") == ["fewer than 30", "30 to 300", "more than 300"]


class TestSounds:
    def test_what_is_said_of_the_speed(self, browser):
        ends = ["same peak.", "At half the speed they are an octave lower.", "At a quarter, two octaves lower."]
        texts = says(browser, *(SoundRow(sounds=NOISE, speed=speed) for speed in (1.0, 0.5, 0.25)))
        assert all(text.endswith(end) for text, end in zip(texts, ends, strict=True))

    def test_eight_bits_keep_soft_and_loud(self):
        loud = RNG.normal(size=4000)
        for gain in (1, 0.01):  # a soft passage behind a loud one
            x = np.concatenate([loud / np.abs(loud).max(), gain * loud / np.abs(loud).max()])
            back = heard(SoundRow(sounds=[("x", "y", x)]).sounds[0])
            error = np.sum((back[4000:] - x[4000:]) ** 2) / np.sum(x[4000:] ** 2)
            assert error < 10**-3.0

    def test_extremes_and_silence_are_exact(self):
        assert heard(SoundRow(sounds=[("x", "y", [0, 3, -3, 0])]).sounds[0]).tolist() == [0, 1, -1, 0]

    def test_the_stored_form_of_a_stored_form_is_itself(self):
        once = SoundRow(sounds=NOISE).sounds
        assert SoundRow(sounds=json.loads(json.dumps(once))).sounds == once

    @pytest.mark.parametrize(
        "bad", [[], [("x", "y", [])], [("x", "y", [0, 0])], [("x", [1])], [("x", "y", [np.nan])], 3, [{"title": "x"}]]
    )
    def test_refused(self, bad):
        with pytest.raises(traitlets.TraitError, match="sounds must be 1 to 12 sounds"):
            SoundRow(sounds=bad)
        assert "1 to 12" in Sounds().expected()
