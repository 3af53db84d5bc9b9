"""The base of the interactives: how they are put together, and what they say."""

import inspect
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import traitlets
from widget_pages import make as made

from convlib.ops import convolve
from convlib.widgets import EchoTable, Interactive, LinesOfConstantSum, SlidingWindow2D, all_interactives
from convlib.widgets.lib.base import HERE, LIMIT, bundle, fill, needed_blocks, num, palette_css
from convlib.widgets.lib.traits import Numbers

# Two words of a language, as no code and no class name has them.
SENTENCE = re.compile(r"(?<![\w-])[A-Za-z]{2,} [a-z]{2,}\b(?![-:(;])")
PROBED = {"refuses complex", "numpy as"}  # what the atlas's probes answer, and a piece of Python
RENDER = "export default { render() {} };\n"
PARTS: dict[str, Any] = {"shown": lambda self: {}, "describe": lambda self: "a sample"}

FORM = r"view\.js: write imports as"
REFUSED = [
    *(
        (f"{line}\n{RENDER}", FORM)
        for line in (
            'import * as stage from "../lib/stage.js";',
            'import stage from "../lib/stage.js";',
            'import {num} from "../lib/stage.js";',
            "import { num } from '../lib/stage.js';",
            'import { num as n } from "../lib/stage.js";',
            'import "../lib/stage.js";',
            'const stage = await import("../lib/stage.js");',
            'import { num } from "https://example.org/stage.js";',
        )
    ),
    (f'import {{ num }} from "../lib/other.js";\n{RENDER}', r"\('judging\.js', 'maths\.js', 'stage\.js'\) only, not"),
    (f'import {{ nim }} from "../lib/stage.js";\n{RENDER}', "not exported: nim; exported: "),
    (f'import {{ crop }} from "../lib/maths.js";\n{RENDER}', "not exported: crop"),
    (f'const long = "{"é" * (LIMIT // 2)}";\n{RENDER}', f"bytes with its imports, at most {LIMIT} allowed"),
    ("const render = 1;\n", "export default"),
]


def make(folder, source, **parts):
    """Create the class Sample from a front-end in ``folder``."""
    (folder / "view.js").write_text(source, "utf-8")
    (folder / "words.json").write_text('{"label": "A sample", "controls": {}}', "utf-8")
    return type("Sample", (Interactive,), {"folder": folder, **PARTS, **parts})


class TestBundle:
    def test_named_imports_are_inlined(self, tmp_path):
        source = 'import { num, clamp } from "../lib/stage.js";\n' + RENDER
        esm = make(tmp_path, source)._esm
        assert esm.startswith("const declared = {") and "const { num, clamp } = (() => {\nconst " in esm
        assert "import {" not in esm
        assert "return { num, clamp };\n})();\nexport default" in esm

    def test_only_what_is_used_is_carried(self):
        library = (
            "// why\nconst A = 1;\nexport const f = () => A;\n"
            "\nexport function g() {\n  return f() + B;\n}\nconst B = 2;\nexport const z = 3;\n"
        )
        assert needed_blocks(library, ["f"]) == "const A = 1;\nconst f = () => A;\n\n"
        whole = needed_blocks(library, ["g"])
        assert all(part in whole for part in ("const A", "const f", "const B"))
        assert "const z" not in whole and "export" not in whole

    def test_a_comment_needs_nothing(self):
        library = "export function f() {\n  return 1;  // unlike z\n}\nexport const z = 3;\n"
        assert "const z" not in needed_blocks(library, ["f"])

    @pytest.mark.parametrize(("source", "message"), REFUSED)
    def test_a_front_end_is_refused(self, source, message, tmp_path):
        with pytest.raises(ValueError, match=message):
            make(tmp_path, source)

    @pytest.mark.parametrize("cls", all_interactives())
    def test_every_interactive_stands_alone(self, cls):
        assert len(cls._esm.encode()) <= LIMIT
        assert not re.search(r"^import\b", cls._esm, re.M)
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", cls._esm + cls._css)
        assert "innerHTML" not in cls._esm

    def test_another_library_can_be_inlined(self, tmp_path):
        (tmp_path / "maths.js").write_text("export const flip = () => 42;\n")
        (tmp_path / "view.js").write_text('import { flip } from "../lib/maths.js";\n' + RENDER)
        assert "42" in bundle(tmp_path / "view.js", tmp_path)


class TestInteractive:
    def test_a_class_without_its_numbers_is_refused(self, tmp_path):
        (tmp_path / "view.js").write_text(RENDER)
        with pytest.raises(TypeError, match=r"^Sample must define shown$"):
            type("Sample", (Interactive,), {"folder": tmp_path})

    def test_the_words_describe(self) -> None:
        table, lines = EchoTable(x=[1, 2], h=[1, 2, 3], n=0), LinesOfConstantSum(f="sine", n=1.5)
        assert table.describe() == "the echoes of 2 inputs, with 3 weights each"
        assert lines.describe() == "the plane of all pairs for half a sine and decay, and the line x + y = 1.5"

    @pytest.mark.parametrize("cls", all_interactives())
    def test_each_describes_itself(self, cls):
        assert len(repr(made(cls, 0)[0])) > len(cls.__name__) + 10

    @pytest.mark.parametrize("cls", all_interactives())
    def test_the_docstring_lists_every_trait(self, cls: type[Interactive]) -> None:
        text = inspect.getdoc(cls) or ""
        listed = text.split("Parameters\n")[1].split("Raises\n------\n")
        for name in cls.declared:
            assert re.search(rf"^(\w+, )*{name}(, \w+)* : \S", listed[0], re.M), name
        assert listed[1].startswith("traitlets.TraitError\n") and "\nExamples\n--------\n>>> " in text

    def test_repr_is_fixed(self, tmp_path):
        cls = make(tmp_path, RENDER)
        assert [repr(cls()), str(cls())] == ["Sample: a sample", "Sample: a sample"]
        first, second = SlidingWindow2D(), SlidingWindow2D()
        assert repr(first) == repr(second)
        assert first._repr_mimebundle_()[0]["text/plain"].startswith("SlidingWindow2D: a 3 by 3")

    def test_css_holds_palette_stage_and_own(self, tmp_path):
        (tmp_path / "style.css").write_text(".fs-sample { color: red; }\n")
        css = make(tmp_path, RENDER)._css
        assert css.startswith(palette_css()) and css.endswith(".fs-sample { color: red; }\n")
        assert "html[data-theme=dark] .fs, body[data-jp-theme-light=false] .fs {" in css

    def test_a_page_that_drives_python_is_right(self):
        """The controls of ipywidgets that chapter I-1 shows as text: nothing runs that block there."""
        page = HERE.parents[2] / "chapters/1-cnn/1-what-a-layer-computes.ipynb"
        texts = ["".join(cell["source"]) for cell in json.loads(page.read_text("utf-8"))["cells"]]
        (block,) = [m[1] for text in texts if (m := re.search(r"```python\n(.*?)```", text, re.S))]
        names: dict[str, Any] = {"convolve": convolve}
        exec(block, names)
        assert names["smooth"](2).tolist() == [0, 4, 8, 4, 0]
        assert names["smooth"].widget.children[0].max == 3

    @pytest.mark.parametrize("cls", all_interactives())
    def test_every_control_has_its_words(self, cls):
        for name, says in cls.declared.items():
            if "kind" in says:
                assert cls.controls[name].strip()
            if says.get("kind") == "choice" and name in cls.words.get("options", {}):
                assert len(cls.words["options"][name]) == len(says["options"])

    @pytest.mark.parametrize("cls", all_interactives())
    def test_no_word_stands_in_the_code(self, cls):
        code = re.sub(r"//.*", "", (cls.folder / "view.js").read_text("utf-8"))
        assert [text for text in re.findall(r'"([^"\n]*)"', code) if SENTENCE.search(text) and text not in PROBED] == []

    def test_all_interactives_are_the_folders(self):
        folders = {p.parent.name for p in HERE.parent.glob("*/view.js")}
        assert {cls.folder.name for cls in all_interactives()} == folders

    def test_two_sliders_and_a_prediction_are_short(self) -> None:
        parts = Path(__file__).with_name("one_echo").glob("*.*")
        assert sum(len(part.read_text("utf-8").splitlines()) for part in parts) < 120

    def test_fill(self):
        assert fill("y[{n}] is {v}: {what}", {"n": 3, "v": -0.5, "what": "a dent"}) == "y[3] is −0.5: a dent"

    def test_num_rounds_as_javascript_does(self):
        assert [num(v) for v in (0.125, -0.125, 1.005, -0.0, -3, 2.5, -12345.5)] == [
            "0.13", "−0.13", "1", "0", "−3", "2.5", "−12,345.5",
        ]  # fmt: skip


class TestNumbers:
    class Holder(traitlets.HasTraits):
        h = Numbers([1.0, 2.0], low=-2, high=2, shape=((1, 4),))

    def test_arrays_become_lists(self):
        holder = self.Holder(h=np.array([1, 0.5]))
        assert holder.h == [1.0, 0.5] and isinstance(holder.h[0], float)

    def test_defaults_are_not_shared(self):
        one, two = self.Holder(), self.Holder()
        one.h.append(9.0)
        assert two.h == [1.0, 2.0]

    @pytest.mark.parametrize("bad", [[], [1] * 5, [3], [np.nan], ["1"], [[1]], None, [True], 1, [1j]])
    def test_the_error_names_value_and_limits(self, bad):
        with pytest.raises(traitlets.TraitError) as error:
            self.Holder(h=bad)
        expected = f"h must be 1 to 4 entries of numbers from -2 to 2, not {bad}"
        assert str(error.value) == expected
