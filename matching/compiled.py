"""Where compiled kernels are kept (Übersetzte Rechenkerne): apart for each state of the sources.

Numba keeps a kernel until its own file changes, though what it calls from other files is compiled into it:
after an update some kernels would go on as before. So all of them are kept in a folder of their own for each
state of the files that hold kernels. The package imports this module before any kernel.
"""

import os
import shutil
from hashlib import sha256
from pathlib import Path

_HERE = Path(__file__).parent
_NAME = "kernels-"


def home_of_kernels(package: Path = _HERE) -> Path:
    """Folder of the kernels of these sources: in the package, or of the user where that cannot be written."""
    sources = [
        text for text in (file.read_bytes() for file in sorted(package.glob("*.py"))) if b"njit" in text
    ]
    beside = package / "__pycache__"
    beside = beside if os.access(package, os.W_OK) else Path.home() / ".cache" / "foerderkette"
    return beside / f"{_NAME}{sha256(b''.join(sources)).hexdigest()[:16]}"


def forget_other_kernels() -> None:
    """Remove what is left of earlier states of the sources."""
    home = home_of_kernels()
    for folder in home.parent.glob(f"{_NAME}*"):
        if folder != home:
            shutil.rmtree(folder, ignore_errors=True)


os.environ.setdefault("NUMBA_CACHE_DIR", str(home_of_kernels()))
