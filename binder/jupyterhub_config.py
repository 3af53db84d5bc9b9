"""JupyterHub's settings for a class on one machine; `make hub` runs with them."""

import tempfile
from pathlib import Path

c = get_config()  # noqa: F821  (JupyterHub defines it)

# A kernel's port is found free before it is taken: of many that start at once, two can find the same. Files are apart.
c.Spawner.args.append("--KernelManager.transport=ipc")
# The path of such a file must be shorter than 108 signs, which the usual place in a home folder is not for long names.
c.Spawner.environment.update(
    {"JUPYTER_RUNTIME_DIR": lambda spawner: str(Path(tempfile.gettempdir(), f"jupyter-{spawner.user.id}"))}
)
