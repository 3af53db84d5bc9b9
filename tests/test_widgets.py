"""The base of the interactives: how they are put together, and what they say."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import traitlets

from convlib.widgets import Interactive, Quiz, SlidingWindow2D, all_interactives
from convlib.widgets.lib.base import LIMIT, bundle, needed_blocks, num, palette_css, snake_name
from convlib.widgets.lib.traits import Numbers

RENDER = "export default { render() {} };\n"
PARTS: dict[str, Any] = {"controls": {}, "shown": lambda self: {}, "describe": lambda self: "a sample"}


def make(folder: Path, source: str, **parts: Any) -> type[Interactive]:
    """Create the class Sample from a front-end in ``folder``."""
    (folder / "sample.js").write_text(source, "utf-8")
    return type("Sample", (Interactive,), {"folder": folder, **PARTS, **parts})


class TestBundle:
    def test_named_imports_are_inlined(self, tmp_path: Path) -> None:
        source = 'import { num, clamp } from "./stage.js";\n' + RENDER
        esm = make(tmp_path, source)._esm
        assert esm.startswith("const { num, clamp } = (() => {\nconst clamp =")
        assert "import" not in esm
        assert "return { num, clamp };\n})();\nexport default" in esm

    def test_only_what_is_used_is_carried(self) -> None:
        library = (
            "// why\nconst A = 1;\nexport const f = () => A;\n"
            "\nexport function g() {\n  return f() + B;\n}\nconst B = 2;\nexport const z = 3;\n"
        )
        assert needed_blocks(library, ["f"]) == "const A = 1;\nconst f = () => A;\n\n"
        whole = needed_blocks(library, ["g"])
        assert all(part in whole for part in ("const A", "const f", "const B"))
        assert "const z" not in whole and "export" not in whole

    def test_a_comment_needs_nothing(self) -> None:
        library = "export function f() {\n  return 1;  // unlike z\n}\nexport const z = 3;\n"
        assert "const z" not in needed_blocks(library, ["f"])

    @pytest.mark.parametrize(
        "line",
        [
            'import * as stage from "./stage.js";',
            'import stage from "./stage.js";',
            'import {num} from "./stage.js";',
            "import { num } from './stage.js';",
            'import { num as n } from "./stage.js";',
            'import "./stage.js";',
            'const stage = await import("./stage.js");',
            'import { num } from "https://example.org/stage.js";',
        ],
    )
    def test_another_form_is_refused(self, line: str, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match=r"sample\.js: write imports as"):
            make(tmp_path, f"{line}\n{RENDER}")

    def test_another_file_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match=r"from \('maths\.js', 'stage\.js'\) only, not"):
            make(tmp_path, f'import {{ num }} from "./other.js";\n{RENDER}')

    def test_an_unknown_name_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="not exported: nim; exported: "):
            make(tmp_path, f'import {{ nim }} from "./stage.js";\n{RENDER}')

    def test_a_private_name_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="not exported: crop"):
            make(tmp_path, f'import {{ crop }} from "./maths.js";\n{RENDER}')

    def test_size_is_limited(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match=f"bytes with its imports, at most {LIMIT} allowed"):
            make(tmp_path, f'const long = "{"é" * (LIMIT // 2)}";\n{RENDER}')

    def test_a_missing_default_export_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="export default"):
            make(tmp_path, "const render = 1;\n")

    @pytest.mark.parametrize("cls", all_interactives())
    def test_every_interactive_stands_alone(self, cls: type[Interactive]) -> None:
        assert len(cls._esm.encode()) <= LIMIT
        assert not re.search(r"^import\b", cls._esm, re.M)
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", cls._esm + cls._css)
        assert "innerHTML" not in cls._esm

    def test_another_library_can_be_inlined(self, tmp_path: Path) -> None:
        (tmp_path / "maths.js").write_text("export const flip = () => 42;\n")
        (tmp_path / "sample.js").write_text('import { flip } from "./maths.js";\n' + RENDER)
        assert "42" in bundle(tmp_path / "sample.js", tmp_path)


class TestInteractive:
    @pytest.mark.parametrize("missing", ["controls", "shown", "describe"])
    def test_a_missing_part_is_refused(self, missing: str, tmp_path: Path) -> None:
        (tmp_path / "sample.js").write_text(RENDER)
        parts = {name: part for name, part in PARTS.items() if name != missing}
        with pytest.raises(TypeError, match=f"^Sample must define {missing}$"):
            type("Sample", (Interactive,), {"folder": tmp_path, **parts})

    def test_repr_is_fixed(self, tmp_path: Path) -> None:
        cls = make(tmp_path, RENDER)
        assert [repr(cls()), str(cls())] == ["Sample: a sample", "Sample: a sample"]
        first, second = SlidingWindow2D(), SlidingWindow2D()
        assert repr(first) == repr(second)
        assert first._repr_mimebundle_()[0]["text/plain"].startswith("SlidingWindow2D: a 3 by 3")

    def test_css_holds_palette_stage_and_own(self, tmp_path: Path) -> None:
        (tmp_path / "sample.css").write_text(".fs-sample { color: red; }\n")
        css = make(tmp_path, RENDER)._css
        assert css.startswith(palette_css()) and css.endswith(".fs-sample { color: red; }\n")
        assert "html[data-theme=dark] .fs, body[data-jp-theme-light=false] .fs {" in css

    @pytest.mark.parametrize("cls", all_interactives())
    def test_controls_name_synced_traits(self, cls: type[Interactive]) -> None:
        assert set(cls.controls) <= set(cls.class_trait_names(sync=True))
        assert all(label.strip() for label in cls.controls.values())

    def test_all_interactives_are_the_files(self) -> None:
        folder = Interactive.folder
        files = {p.stem for p in folder.glob("*.js")} - {"stage", "maths"}
        assert {snake_name(cls.__name__) for cls in all_interactives()} == files

    def test_num_rounds_as_javascript_does(self) -> None:
        assert [num(v) for v in (0.125, -0.125, 1.005, -0.0, -3, 2.5)] == [
            "0.13", "−0.13", "1", "0", "−3", "2.5",
        ]  # fmt: skip


class TestNumbers:
    class Holder(traitlets.HasTraits):
        h = Numbers([1.0, 2.0], low=-2, high=2, shape=((1, 4),))

    def test_arrays_become_lists(self) -> None:
        holder = self.Holder(h=np.array([1, 0.5]))
        assert holder.h == [1.0, 0.5] and isinstance(holder.h[0], float)

    def test_defaults_are_not_shared(self) -> None:
        one, two = self.Holder(), self.Holder()
        one.h.append(9.0)
        assert two.h == [1.0, 2.0]

    @pytest.mark.parametrize("bad", [[], [1] * 5, [3], [np.nan], ["1"], [[1]], None, [True], 1, [1j]])
    def test_the_error_names_value_and_limits(self, bad: Any) -> None:
        with pytest.raises(traitlets.TraitError) as error:
            self.Holder(h=bad)
        expected = f"h must be 1 to 4 entries of numbers from -2 to 2, not {bad}"
        assert str(error.value) == expected


IMAGE = [[1, 0, 2, 3, 1], [4, -5, 6, 0, 2], [7, 8, 0, 1, 0], [2, 1, 3, 5, 9]]
KERNEL = [[1, 2, 3], [0, -1, 4], [5, 0, -2]]


class TestSlidingWindow2D:
    def test_correlation_by_hand(self) -> None:
        shown = SlidingWindow2D(image=IMAGE, kernel=KERNEL).shown()
        value = 1 * 1 + 0 * 2 + 2 * 3 + 4 * 0 + 5 * 1 + 6 * 4 + 7 * 5 + 8 * 0 - 0 * 2
        assert shown["output[0,0]"] == value == 71
        assert shown["sum"] == ("output[0, 0] = 1·1 + 0·2 + 2·3 + 4·0 + (−5)·(−1) + 6·4 + 7·5 + 8·0 + 0·(−2) = 71")
        assert shown["rival"] == "Convolution would give 66 here."

    def test_convolution_by_hand(self) -> None:
        shown = SlidingWindow2D(image=IMAGE, kernel=KERNEL, op="convolve").shown()
        value = -1 * 2 + 0 * 0 + 2 * 5 + 4 * 4 + 5 * 1 + 6 * 0 + 7 * 3 + 8 * 2 + 0 * 1
        assert shown["output[0,0]"] == value == 66
        assert [shown[f"met[0,{j}]"] for j in range(3)] == [-2, 0, 5]
        assert "bottom-right weight −2 meets the top-left pixel 1." in str(shown["say"])

    def test_letters_pair_as_in_the_two_formulas(self) -> None:
        plain = SlidingWindow2D(view="letters", row=1, col=2)
        turned = SlidingWindow2D(view="letters", op="convolve")
        one_to_nine = " + ".join(f"{c}·{n}" for c, n in zip("abcdefghi", range(1, 10), strict=True))
        nine_to_one = " + ".join(f"{c}·{n}" for c, n in zip("abcdefghi", range(9, 0, -1), strict=True))
        assert plain.shown()["sum"] == f"output[1, 2] = {one_to_nine}"
        assert turned.shown()["sum"] == f"output[0, 0] = {nine_to_one}"
        assert plain.shown()["image[1,2]"] == "a" and plain.shown()["image[0,0]"] == "·"

    def test_a_kernel_that_equals_its_half_turn_is_named(self) -> None:
        even = SlidingWindow2D(kernel=[[1, 2, 3], [4, 5, 4], [3, 2, 1]])
        transposed = SlidingWindow2D(kernel=[[1, 2, 3], [2, 4, 5], [3, 5, 6]])
        assert "both operations agree" in str(even.shown()["say"])
        assert "agree" not in str(transposed.shown()["say"])

    def test_predict_hides_until_answered(self) -> None:
        traits: dict[str, Any] = {"image": IMAGE, "kernel": KERNEL, "predict": True}
        asked = SlidingWindow2D(**traits).shown()
        assert asked["output[0,0]"] == "?" and asked["output[0,1]"] == "·"
        assert not {"sum", "rival", "met[0,0]"} & set(asked)
        paired = SlidingWindow2D(**traits, guess_weight="bottom-right").shown()
        assert str(paired["say"]).startswith("No: correlation lays the kernel down as it is")
        assert paired["met[0,0]"] == 1 and "sum" not in paired
        assert [paired[f"answer[{i}]"] for i in range(3)] == ["23", "66", "71"]

    @pytest.mark.parametrize(
        ("guess", "start"),
        [
            (71, "Right: output[0, 0] = 71."),
            (66, "Not 66: that is what convolution gives. output[0, 0] = 71."),
            (23, "Not 23: that is the sum of the pixels without their weights."),
            (-4, "Not −4: all nine products have to be added."),
        ],
    )
    def test_a_wrong_number_meets_its_misconception(self, guess: int, start: str) -> None:
        w = SlidingWindow2D(image=IMAGE, kernel=KERNEL, predict=True, guess_weight="top-left", guess_value=guess)
        assert str(w.shown()["say"]).startswith(start)
        assert w.shown()["output[0,0]"] == 71

    @pytest.mark.parametrize(
        ("traits", "message"),
        [
            ({"row": 4}, "row must be from 0 to 3 for an image of 6 rows, not 4"),
            ({"col": -1}, "col must be from 0 to 3 for an image of 6 columns, not -1"),
            (
                {"image": [[1, 2], [3]]},
                "image must be 3 to 8 rows and 3 to 8 columns of whole numbers from -9 to 9, not [[1, 2], [3]]",
            ),
            ({"kernel": np.eye(3) / 2}, "kernel must be 3 rows and 3 columns of whole numbers"),
            ({"kernel": np.full((3, 3), 10)}, "not [[10 10 10] [10 10 10] [10 10 10]]"),
            ({"op": "flip"}, "['correlate', 'convolve'], not the str 'flip'"),
        ],
    )
    def test_bad_traits(self, traits: dict[str, Any], message: str) -> None:
        with pytest.raises(traitlets.TraitError) as error:
            SlidingWindow2D(**traits)
        assert message in str(error.value) and "\n" not in str(error.value)

    def test_a_refused_value_changes_nothing(self) -> None:
        w = SlidingWindow2D(row=3)
        with pytest.raises(traitlets.TraitError, match="row must be from 0 to 1"):
            w.image = IMAGE
        assert np.shape(w.image) == (6, 6)


def option(text: str, right: bool = False, why: str = "Because.") -> dict[str, Any]:
    return {"text": text, "right": right, "why": why}


QUESTIONS = [
    {"prompt": "Does `x*h` flip?", "options": [option("`h`", True), option("no", why="It is `n-k`.")]},
    {"prompt": "Which?", "options": [option("A"), option("B", True), option("C")]},
]


class TestQuiz:
    def test_shown_follows_the_answer(self) -> None:
        quiz = Quiz(questions=QUESTIONS, chosen=[1], checked=[True])
        shown = quiz.shown()
        assert shown["say"] == "Question 1 of 2. Right so far: 0."
        assert (shown["prompt"], shown["option[0]"]) == ("Does x*h flip?", "h")
        assert shown["feedback"] == "Not this one. It is n-k."
        quiz.chosen = [0, 1]
        assert quiz.shown()["feedback"] == "Right. Because."
        quiz.checked = [True, True]
        assert quiz.shown()["say"] == "Question 1 of 2. Right so far: 2."

    def test_load(self, tmp_path: Path) -> None:
        path = tmp_path / "quiz.json"
        path.write_text(json.dumps(QUESTIONS))
        assert Quiz.load(path).questions == QUESTIONS
        assert repr(Quiz.load(str(path))) == "Quiz: 2 questions. Does x*h flip? h; no."

    @pytest.mark.parametrize(
        ("questions", "message"),
        [
            ([], "a quiz needs a list of questions"),
            ("text", "questions"),
            ([{"prompt": "?"}], 'questions[0] needs exactly "prompt" and "options"'),
            ([{"prompt": " ", "options": []}], "questions[0] \"prompt\" must be a text, not ' '"),
            ([{"prompt": "?", "options": [option("A", True)]}], "needs at least two options"),
            (
                [QUESTIONS[0], {"prompt": "?", "options": [option("A"), option("B")]}],
                "questions[1] 0 options are marked right, exactly one must be",
            ),
            (
                [{"prompt": "?", "options": [option("A", True), option("B", True)]}],
                "questions[0] 2 options are marked right, exactly one must be",
            ),
            (
                [{"prompt": "?", "options": [option("A", True), option("B", why="")]}],
                "questions[0] options[1] \"why\" must be a text, not ''",
            ),
            (
                [{"prompt": "?", "options": [{"text": "A", "right": True}, option("B")]}],
                'questions[0] options[0] needs exactly "text", "right" and "why"',
            ),
            ([{"prompt": "`?", "options": [option("A", True)]}], "unclosed backtick"),
        ],
    )
    def test_bad_questions(self, questions: Any, message: str, tmp_path: Path) -> None:
        path = tmp_path / "quiz.json"
        path.write_text(json.dumps(questions))
        with pytest.raises(ValueError) as error:
            Quiz.load(path)
        assert str(path) in str(error.value) and message in str(error.value)

    def test_a_broken_file_is_named(self, tmp_path: Path) -> None:
        path = tmp_path / "quiz.json"
        path.write_text("[{")
        with pytest.raises(ValueError, match=r"quiz\.json: .*line 1"):
            Quiz.load(path)

    def test_bad_traits(self) -> None:
        with pytest.raises(traitlets.TraitError, match="index must be from 0 to 1, not 2"):
            Quiz(questions=QUESTIONS, index=2)
        with pytest.raises(traitlets.TraitError, match=r"chosen\[1\] must be from -1 to 2, not 3"):
            Quiz(questions=QUESTIONS, chosen=[0, 3])
