"""An executed notebook rearranged into a page, and what is said when one did not run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import nbformat

from evalbook import PAGE_REPORT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalbook.run.layout import Task

MARKDOWN = "text/markdown"
PROOF = "interpreter"
"""Tag of the cell that says which interpreter ran the notebook; it is no part of the page."""


def failure(task: Task, notebook: Any, name: str, value: str) -> str:
    """Say on one screen where a notebook stopped, why, and what to do."""
    heading = f"（{task.name} 的开头）"
    code = ""
    for cell in notebook.cells:
        errors = [output for output in cell.get("outputs", []) if output.output_type == "error"]
        if errors:
            code = cell.source
            break
        texts = [cell.source] if cell.cell_type == "markdown" else list(_shown_markdown(cell))
        for line in (line for text in texts for line in text.splitlines() if line.startswith("#")):
            heading = line.lstrip("# ").replace("\\", "")
    ours = name in {"EvalbookError", "InputError"}
    cause = value if ours else f"{name}: {value}"
    todo = "照上面的说明修改后再运行" if ours else "这是程序的毛病：请把这一屏文字发给维护人员"
    return "\n".join(
        (
            f"{task.year}年度的页面 {task.name}（笔记本 {task.notebook}.ipynb）没有生成，旧的网页保持不变。",
            f"  位置：“{heading}”之后的单元",
            *(f"    {line}" for line in code.splitlines()[:6]),
            f"  原因：{cause}",
            f"  怎么办：{todo}。",
        )
    )


def _shown_markdown(cell: Any) -> Iterator[str]:
    for output in cell.get("outputs", []):
        if MARKDOWN in output.get("data", {}):
            yield "".join(output.data[MARKDOWN])


def arranged(notebook: Any, task: Task) -> Any:
    """Rearrange an executed notebook into a page; nothing volatile remains."""
    cells: list[Any] = []
    code: list[str] = []
    for cell in notebook.cells:
        if PROOF in cell.metadata.get("tags", []):
            continue
        if cell.cell_type != "code":
            cells.append(nbformat.v4.new_markdown_cell(cell.source))
            continue
        if "injected-parameters" not in cell.metadata.get("tags", []):
            code.append(cell.source)
        for output in cell.outputs:
            if output.output_type not in {"display_data", "execute_result"}:
                continue
            data = dict(output.data)
            markdown = "".join(data.pop(MARKDOWN, ""))
            data.pop(PAGE_REPORT, None)
            if markdown.strip():
                cells.append(nbformat.v4.new_markdown_cell(markdown))
            if set(data) - {"text/plain"}:
                kept = nbformat.v4.new_output("display_data", data, metadata=output.metadata)
                shown = nbformat.v4.new_code_cell(cell.source, outputs=[kept])
                shown.metadata["tags"] = ["remove-input"]
                cells.append(shown)
    if task.layout.edition is None:  # the workings are not published
        cells.append(nbformat.v4.new_markdown_cell(_how_computed(task, code)))
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    page = nbformat.v4.new_notebook(cells=cells)
    page.metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "evalbook": {"year": task.year, "page": task.name},
    }
    return page


def _how_computed(task: Task, code: list[str]) -> str:
    given = "、".join(f"`{name} = {value!r}`" for name, value in task.parameters.items())
    return "\n".join(
        (
            "`````{dropdown} 本页如何算出",
            ":class-container: how-computed",
            "",
            f"papermill 以参数 {given} 运行 `notebooks/{task.notebook}.ipynb`，代码如下；"
            "每个数字的出处和公式见数字来源附录。",
            "",
            "````python",
            "\n\n".join(part for part in code if part.strip()),
            "````",
            "`````",
        )
    )
