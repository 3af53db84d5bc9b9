"""What every interactive is built from, alive in a browser: each helper of stage.js that draws or listens."""

import pytest
from browser import until
from one_echo.widget import OneEcho
from stage.widget import Stage
from widget_pages import box_of, drag, host, make, public, traits_of

from convlib.widgets import Interactive, TyreRide, all_interactives

# Three arrays stand one below the other.
TALLER = {"IndexMap": 790}
SPAN = """() => {
  const box = (n) => n.getBoundingClientRect(), root = document.querySelector('.fs');
  const shown = [...root.querySelectorAll('.fs-first > :not(.fs-more)')].map(box).filter((b) => b.height);
  const picture = box(root.querySelector('.fs-stage'));
  return Math.max(picture.bottom, ...shown.map((b) => b.bottom)) - picture.top;
}"""
SMALL = """() => {
  for (const more of document.querySelectorAll('.fs-more')) more.open = true;
  const parts = document.querySelectorAll('.fs :is(button, select, summary, input, [role=slider], [role=gridcell])');
  return [...parts].flatMap((node) => {
    const box = (node.closest('label') ?? node).getBoundingClientRect();
    const ring = node.localName === 'circle' ? parseFloat(getComputedStyle(node).strokeWidth) : 0;
    const size = Math.min(box.width, box.height) + ring;
    return box.width && size < 23.9 ? [`${node.outerHTML.slice(0, 80)}: ${size}`] : [];
  });
}"""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class TestFrame:
    @pytest.mark.parametrize("cls", all_interactives())
    def test_picture_and_main_control_fit_on_a_screen(self, cls: type[Interactive], browser):
        for asked in (False, True) if "predict" in cls.declared else (False,):
            widget, _ = make(cls, 0)
            if asked:
                widget.predict = True
            page = host(browser, cls, [traits_of(widget)], folded=True, viewport={"width": 360, "height": 740})
            assert page.evaluate(SPAN) <= TALLER.get(cls.__name__, 740)
            assert page.locator(".fs-more").evaluate_all("(all) => all.every((one) => !one.open)")
            assert page.evaluate(SMALL) == []
            page.evaluate("document.querySelectorAll('.fs-more').forEach((more) => { more.open = false; })")
            page.set_viewport_size({"width": 932, "height": 650})  # the page at 1366 px
            page.wait_for_timeout(50)
            assert page.evaluate(SPAN) <= 650
            page.set_viewport_size({"width": 320, "height": 740})
            page.wait_for_timeout(50)
            assert page.evaluate(WIDER) == 0
            page.close()
            widget.close()

    def test_the_answer_gives_the_focus_to_the_next_control(self, browser):
        page = host(browser, OneEcho, [traits_of(OneEcho(predict=True))], folded=True, reduced_motion="reduce")
        page.get_by_role("button", name="n = 5").press("Enter")
        assert page.evaluate("document.activeElement === document.querySelector('.fs-first [type=range]')")
        assert page.locator(".fs-say").inner_text() == "Right. The echo stands at n = 5, 0.5 times as strong."
        assert not page.get_by_label("Predict first").is_visible()
        page.locator("summary").press("Enter")
        page.get_by_label("Predict first").uncheck()
        assert page.locator(".fs-say").inner_text() == "The echo stands at n = 5, 0.5 times as strong."
        page.close()

    def test_what_is_heard_has_stood_for_a_moment(self, browser):
        page = host(browser, OneEcho, [traits_of(OneEcho())])
        heard = page.get_by_role("status")
        assert heard.text_content() == ""
        told = """() => {
          const slider = document.querySelector('.fs-first [type=range]');
          for (const n of [2, 3, 4]) { slider.value = n; slider.dispatchEvent(new Event('input')); }
          return document.querySelector('[role=status]').textContent;
        }"""
        assert page.evaluate(told) == ""
        until(page, "document.querySelector('[role=status]').textContent")
        assert heard.text_content() == page.locator(".fs-say").text_content()
        page.close()

    def test_forced_colours_show_what_is_chosen(self, browser):
        page = host(browser, TyreRide, [traits_of(TyreRide())], forced_colors="active")
        found = "(all) => all.map((n) => [n.checked, getComputedStyle(n.nextElementSibling).backgroundColor])"
        colours = {chosen: colour for chosen, colour in page.locator(".fs-choice input").evaluate_all(found)}
        assert colours[True] != colours[False]
        page.close()

    def test_a_ride_without_motion_is_at_its_end_and_back(self, browser):
        page = host(browser, TyreRide, [traits_of(TyreRide())], reduced_motion="reduce")
        for t in (0, 6):
            page.get_by_role("button", name="Ride").click()
            assert page.evaluate("models[0].get('t')") == t
        page.close()


class TestStage:
    @pytest.fixture
    def page(self, browser, request):
        page = host(browser, Stage, [traits_of(Stage())], **getattr(request, "param", {}))
        yield page

    def test_marks_carry_their_values(self, page):
        values = page.locator(".s .fs-values text")
        assert values.all_text_contents() == ["1", "−1.5", "0.25", "2"]
        assert values.nth(2).get_attribute("data-value") == "0.25"
        assert page.locator(".s .fs-heads path.fs-dim").count() == 3
        assert [page.locator(f".{k} .fs-stalks path").count() for k in "shy"] == [4, 4, 0]
        assert page.locator(".c path.fs-area.fs-output").count() == 1
        assert page.locator(".a .fs-ticks text").all_text_contents()[-5:] == ["−2", "−1", "0", "1", "2"]

    def test_a_change_updates_the_same_nodes(self, page):
        page.evaluate("window.node = document.querySelector('.s text')")
        page.evaluate("models[0].set('x', [2, 1, 0.5])")
        assert page.evaluate("window.node.isConnected && window.node.textContent") == "2"
        assert page.locator(".s .fs-values text").count() == 3

    def test_dragging_and_arrow_keys_do_the_same(self, page):
        knob = page.get_by_role("slider", name="x[0]")
        knob.focus()
        page.keyboard.press("ArrowUp")
        assert (knob.get_attribute("aria-valuenow"), page.evaluate("models[0].get('x')[0]")) == ("1.5", 1.5)
        x, y, _, _ = box_of(knob)
        drag(page, (x + 9, y + 9), (x + 9, y + 79))
        assert page.evaluate("models[0].get('x')[0]") == -0.5
        for key, value in (("Home", -2), ("ArrowDown", -2), ("End", 2)):
            page.keyboard.press(key)
            assert page.evaluate("models[0].get('x')[0]") == value

    def test_controls_follow_the_model_both_ways(self, page):
        slider = page.get_by_label("Sample")
        assert (slider.get_attribute("max"), slider.get_attribute("aria-valuetext")) == ("3", "n = 1")
        slider.press("End")
        page.get_by_label("On").check()
        assert page.evaluate("[models[0].get('n'), models[0].get('on')]") == [3, True]
        page.get_by_label("Kind").select_option("second")
        assert page.evaluate("[models[0].get('n'), models[0].get('kind')]") == [0, "b"]
        page.evaluate("models[0].set('n', 2)")
        assert slider.input_value() == "2"
        page.get_by_role("button", name="Reset").click()
        assert page.locator(".fs").evaluate("root => root.state()") == public(Stage())

    def test_motion_can_be_stopped(self, page):
        page.get_by_role("button", name="Run").click()
        until(page, "document.querySelector('.fs').at > 0")
        stopped = page.evaluate("(r => { r.brake(); return r.at; })(document.querySelector('.fs'))")
        page.wait_for_timeout(150)
        assert page.evaluate("document.querySelector('.fs').at") == stopped < 1

    @pytest.mark.parametrize("page", [{"reduced_motion": "reduce"}], indirect=True)
    def test_reduced_motion_only_arrives(self, page):
        page.get_by_role("button", name="Run").click()
        assert page.evaluate("document.querySelector('.fs').at") == 1

    def test_the_end_of_life_is_silent(self, page):
        page.evaluate("life.abort(); models[0].set('n', 3)")
        assert page.locator(".fs-say").inner_text() == "Sample 1"
        assert page.evaluate("models[0].subs['change:n'].length") == 0
