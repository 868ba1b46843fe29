"""Write into the committed notebooks the outputs that nbval compares."""

from pathlib import Path

import nbformat
from nbclient import NotebookClient
from outputs import concise

from evalbook.run import notebooks
from evalbook.year import find_project


def refresh(path: Path) -> None:
    """Run a notebook with its declared defaults and keep nothing that differs from run to run."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": path.parent}}).execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", ()):
            output.metadata = {}
            output.data = {media: concise(shown) for media, shown in output.data.items()}
    notebook.metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
    }
    path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")


if __name__ == "__main__":
    root = find_project(Path(__file__).parent)
    for name in notebooks(root):
        refresh(root / "notebooks" / f"{name}.ipynb")
        print(f"{name}.ipynb")
