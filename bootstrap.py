"""Set up ``.venv`` and run one of the project's jobs: ``python3 bootstrap.py report`` or ``test``.

Standard library only, because it runs before anything is installed. What it prints is Chinese: the first
person to run it may be the clerk.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import venv
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
BIN = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
LOG = ENVIRONMENT / "install.log"
REPORT, TOOLS = ROOT / "requirements.txt", ROOT / "requirements-test.txt"
"""What the report needs; the same, and what tests and developers need."""
OLDEST = (3, 11)
WIDTH = 30
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
NGINX = ENVIRONMENT / "nginx" / "usr" / "sbin" / "nginx"

# Two workers, for machines of two cores: a build starts as many kernels at a time as there are cores anyway. A file
# is one worker's, with what it builds. (Under pytest 9.2 pytest-xdist keeps no other groups: its issue 1386.)
TESTS = ["-m", "pytest", "--nbval", "-q", "-n", "2", "--dist", "loadfile"]
CHECKS = (
    ("检查代码写法（ruff）", ["-m", "ruff", "check", "."]),
    ("检查代码格式（ruff format）", ["-m", "ruff", "format", "--check", "."]),
    ("检查类型（mypy --strict）", ["-m", "mypy"]),
    ("运行全部测试（pytest 与 nbval）", TESTS),
)


def say(text: str) -> None:
    """Print at once, whatever the terminal's encoding can show."""
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "replace").decode(encoding), flush=True)


def stop(text: str) -> None:
    """End with one clear line."""
    say(text)
    raise SystemExit(1)


def stamp(requirements: Path) -> Path:
    """File that says that the environment holds what a file of requirements pins."""
    return ENVIRONMENT / f"{requirements.stem}.sha256"


def wanted_stamp(requirements: Path) -> str:
    """Hash of what the environment must hold."""
    digest = hashlib.sha256(sys.version.encode())
    for path in (requirements, ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_installed(requirements: Path) -> bool:
    """Whether the environment holds what a file of requirements pins."""
    path = stamp(requirements)
    return path.exists() and path.read_text(encoding="utf-8") == wanted_stamp(requirements)


def must(command: list[str], failure: str) -> None:
    """Run a command; end with one clear line when it fails."""
    if subprocess.run(command, check=False).returncode:
        stop(failure)


def install_system_packages(missing: str, *packages: str) -> None:
    """Install what the distribution has and pip has not; Debian as root only, else one line says what is missing."""
    listed = " ".join(packages)
    if not Path("/etc/debian_version").exists() or os.geteuid() != 0:
        stop(f"缺少{missing}。请让管理员安装（Debian 上运行：apt-get install {listed}），然后再试。")
    say(f"安装系统软件包 {listed}……")
    must(["apt-get", "update", "-qq"], "没能更新软件包列表，请检查网络后再试。")
    quiet = ["apt-get", "install", "-y", "-qq", "-o", "Dpkg::Use-Pty=0", "--no-install-recommends"]
    log = LOG.with_name("system.log")
    log.parent.mkdir(exist_ok=True)
    with log.open("w", encoding="utf-8") as output:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        done = subprocess.run([*quiet, *packages], stdout=output, stderr=output, env=environment, check=False)
    if done.returncode:
        stop(f"没装上 {listed}，请检查网络后再试；详情见 {log}。")


def install_browser() -> None:
    """Make sure of what the tests of the built site need: a Chromium, and a Chinese font for it."""
    missing = [] if any(map(shutil.which, BROWSERS)) else ["chromium"]
    fonts = shutil.which("fc-list")
    if sys.platform == "linux" and not (
        fonts and subprocess.run([fonts, ":lang=zh-cn"], capture_output=True, check=False).stdout
    ):
        missing += ["fontconfig", "fonts-noto-cjk"]
    if missing:
        install_system_packages("测试网页用的 Chromium 浏览器或中文字体", *missing)


def find_nginx() -> str | None:
    """Where nginx is: the machine's own, of which not everybody has the folder in the path, or the fetched one."""
    return next(filter(None, map(shutil.which, ("nginx", "/usr/sbin/nginx", str(NGINX)))), None)


def fetch_nginx() -> None:
    """Make sure of the server that the example of docs/serving.md is tried with.

    Its program alone is taken out of Debian's package. Installed, the package would serve this machine's port 80 from
    now on and after every start.
    """
    if find_nginx():
        return
    missing = "缺少测试网站用的 nginx。请让管理员安装（Debian 上运行：apt-get install nginx），然后再试。"
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        stop(missing)
    say("取来 nginx（只供测试，不安装，不占用端口）……")
    unpacked = NGINX.parents[2]
    unpacked.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        commands = [["apt-get", "update"]] if os.geteuid() == 0 else []
        commands += [["apt-get", "download", "nginx"]]
        for command in commands:
            subprocess.run(command, cwd=folder, capture_output=True, check=False)
        for package in Path(folder).glob("nginx_*.deb"):
            subprocess.run(["dpkg-deb", "-x", str(package), str(unpacked)], check=False)
    if not NGINX.exists() or subprocess.run([str(NGINX), "-v"], capture_output=True, check=False).returncode:
        shutil.rmtree(unpacked)
        stop(missing)


def create_environment() -> None:
    """Create an empty ``.venv``, installing Debian's venv module where it lacks and we may."""
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    uv = shutil.which("uv")
    if uv:
        must(
            [uv, "venv", "--quiet", "--python", sys.executable, str(ENVIRONMENT)],
            "没有建成 .venv，请检查磁盘空间和权限。",
        )
        return
    if find_spec("ensurepip") is None:
        install_system_packages(
            "Python 的 venv 模块", f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        )
        must([sys.executable, "-m", "venv", str(ENVIRONMENT)], "没有建成 .venv，请检查磁盘空间和权限。")
        return
    venv.create(ENVIRONMENT, with_pip=True)


def with_pip() -> list[str]:
    """Command that installs packages into the environment with pip."""
    return [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off"]


def with_uv() -> list[str]:
    """Command that does so with uv, several times as fast: the machine's, else the pinned one; empty without any."""
    uv = shutil.which("uv") or shutil.which("uv", path=BIN)
    if uv is None:
        pinned = re.search(r"^uv==.*(?:\n .*)*", REPORT.read_text(encoding="utf-8"), flags=re.MULTILINE)
        with tempfile.TemporaryDirectory() as folder:
            wanted = Path(folder) / "uv.txt"
            wanted.write_text(f"{pinned[0]}\n" if pinned else "", encoding="utf-8")
            command = [*with_pip(), "--quiet", "--require-hashes", "--no-deps", "-r", str(wanted)]
            subprocess.run(command, capture_output=True, check=False)
        uv = shutil.which("uv", path=BIN)
    if uv is None:
        return []
    # uv does not read what pip is told of an index.
    mirror = os.environ.get("PIP_INDEX_URL")
    return [uv, "pip", "install", "--python", str(PYTHON), *(["--index-url", mirror] if mirror else [])]


def draw(done: int, total: int) -> None:
    """Draw the progress bar of the installation."""
    filled = WIDTH * done // total
    line = f"安装依赖包 [{'#' * filled}{'.' * (WIDTH - filled)}] {done}/{total}"
    if sys.stdout.isatty():
        sys.stdout.write(f"\r{line}")
        sys.stdout.flush()


def install_requirements(requirements: Path) -> None:
    """Install every pinned package, each proved by its hash, with a progress bar; with pip where uv cannot."""
    total = len(re.findall(r"^\S+==", requirements.read_text(encoding="utf-8"), flags=re.MULTILINE))
    say(f"安装依赖包，共约{total}个，逐个核对哈希值；第一次要一两分钟……")
    wanted = ["--require-hashes", "-r", str(requirements)]
    if not ((uv := with_uv()) and install([*uv, *wanted], total)) and not install(
        [*with_pip(), *wanted], total
    ):
        tail = "\n".join(f"    {line}" for line in LOG.read_text(encoding="utf-8").splitlines()[-8:])
        stop(f"依赖包没有装好，请检查网络后再试；详情见 {LOG}。最后几行是：\n{tail}")


def install(command: list[str], total: int) -> bool:
    """Run an installation, watched by a progress bar; say whether it succeeded."""
    collected = 0
    finished = threading.Event()

    def watch() -> None:
        while not finished.wait(0.5):
            # Where packages are, and not below: the installer takes folders away again while it works.
            folders = ("lib/python*/site-packages", "Lib/site-packages")
            installed = sum(1 for folder in folders for _ in ENVIRONMENT.glob(f"{folder}/*.dist-info"))
            draw(min(max(collected, installed), total), total)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    with LOG.open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        for line in process.stdout or ():
            log.write(line)
            collected += line.startswith("Collecting ")
        code = process.wait()
    finished.set()
    watcher.join()
    if sys.stdout.isatty():
        if not code:
            draw(total, total)
        say("")
    return code == 0


def prepare(requirements: Path) -> None:
    """Make ``.venv`` hold what a file of requirements pins, and this project."""
    if sys.version_info < OLDEST:
        stop(
            f"需要 Python {OLDEST[0]}.{OLDEST[1]} 或更新的版本，现在是 {sys.version.split()[0]}。请先安装新的 Python。"
        )
    if is_installed(requirements):
        return
    if requirements == REPORT or not is_installed(REPORT):
        say("建立 Python 环境 .venv……")
        create_environment()
    install_requirements(requirements)
    command = ["--quiet", "--no-deps", "--no-build-isolation", "-e", str(ROOT)]
    if subprocess.run([*(with_uv() or with_pip()), *command], check=False).returncode:
        stop("项目本身没有装好，请把上面的内容发给维护人员。")
    for path in {REPORT, requirements}:
        stamp(path).write_text(wanted_stamp(path), encoding="utf-8")
    say("环境已经备好。")


def report() -> int:
    """Build the book of all years."""
    return subprocess.run([str(PYTHON), "-m", "evalbook.cli", "build"], cwd=ROOT, check=False).returncode


def test() -> int:
    """Run every check and test; the first that fails ends the run."""
    install_browser()
    fetch_nginx()
    for number, (title, command) in enumerate(CHECKS, start=1):
        say(f"[{number}/{len(CHECKS)}] {title}……")
        code = subprocess.run([str(PYTHON), *command], cwd=ROOT, check=False).returncode
        if code:
            say(f"没有通过：{title}。")
            return code
    say("全部通过。")
    return 0


def nothing() -> int:
    """Nothing more than the environment."""
    return 0


JOBS = {
    "setup": (REPORT, nothing),
    "tools": (TOOLS, nothing),
    "report": (REPORT, report),
    "test": (TOOLS, test),
}


def main() -> int:
    """Run the job that the command line names."""
    if len(sys.argv) != 2 or sys.argv[1] not in JOBS:
        stop(f"用法：python3 bootstrap.py {'|'.join(JOBS)}")
    requirements, job = JOBS[sys.argv[1]]
    prepare(requirements)
    return job()


if __name__ == "__main__":
    raise SystemExit(main())
