"""The contract between a notebook and who runs it: parameters before, the year and the page after."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from evalbook import PAGE_REPORT
from evalbook.errors import ContractError, NotebookError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from evalbook.run.layout import Task

PARAMETERS = "parameters"
TYPES: Mapping[str, type] = {"int": int, "str": str, "bool": bool}


def declared_parameters(template: Path) -> dict[str, str]:
    """Parameters that a notebook declares: ``name: type = default`` in its cell tagged *parameters*.

    Raises
    ------
    ContractError
        There is no such cell, or it holds anything else.
    """
    import nbformat

    try:
        notebook = nbformat.read(template, as_version=4)
    except (OSError, ValueError, nbformat.reader.NotJSONError):
        raise ContractError(
            f"{template.name}：读不出这个笔记本。请从版本库恢复 notebooks/{template.name}。"
        ) from None
    cells = [cell for cell in notebook.cells if PARAMETERS in cell.metadata.get("tags", [])]
    if len(cells) != 1:
        raise ContractError(
            f"{template.name}：应当有且只有一个标记为 parameters 的单元，现有{len(cells)}个。"
        )
    declared = {}
    try:
        statements = ast.parse(cells[0].source).body
    except SyntaxError:
        raise ContractError(
            f"{template.name}：参数单元不是正确的 Python，应写“名称: 类型 = 默认值”。"
        ) from None
    for statement in statements:
        match statement:
            case ast.AnnAssign(ast.Name(name), ast.Name(kind), ast.Constant()) if kind in TYPES:
                declared[name] = kind
            case _:
                raise ContractError(
                    f"{template.name}：参数单元里只能写“名称: 类型 = 默认值”，类型为{'、'.join(TYPES)}；"
                    f"现在有“{ast.unparse(statement)}”。"
                )
    return declared


def check_parameters(template: Path, given: Mapping[str, object]) -> None:
    """Refuse parameters that a notebook does not declare, lacks, or declares of another type.

    papermill itself only warns about an unknown parameter and then runs with the default year.

    Raises
    ------
    ContractError
        With every difference, in Chinese.
    """
    declared = declared_parameters(template)
    faults = [f"没有声明参数“{name}”" for name in given if name not in declared]
    faults += [f"没有给出参数“{name}”" for name in declared if name not in given]
    faults += [
        f"参数“{name}”应为{declared[name]}，给出的是{value!r}"
        for name, value in given.items()
        if name in declared and type(value) is not TYPES[declared[name]]
    ]
    if faults:
        raise ContractError(f"{template.name}：{'；'.join(faults)}。没有运行任何笔记本。")


def prove_page(notebook: Any, task: Task) -> None:
    """Prove that an executed notebook shows the year and the page that it was run for.

    Raises
    ------
    NotebookError
        It reports nothing, or something else.
    """
    reports = [
        output.data[PAGE_REPORT]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if PAGE_REPORT in output.get("data", {})
    ]
    if not reports or any(report != {"year": task.year, "page": task.name} for report in reports):
        told = (
            "、".join(f"{report.get('year')}年度的{report.get('page')}" for report in reports) or "没有报告"
        )
        raise NotebookError(
            f"笔记本 {task.notebook}.ipynb 应当显示{task.year}年度的{task.name}，它报告的却是：{told}。旧的网页保持不变。"
            "请让维护人员检查这个笔记本是否用了别的年度或别的部分。"
        )
