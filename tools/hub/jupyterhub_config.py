"""The hub of `make hub`: on loopback, everybody may log in, everything it writes lies in one folder."""

import os
from pathlib import Path

c = get_config()  # noqa: F821  (JupyterHub defines it)
env = os.environ
here = Path(env["HUB_HOME"])

c.JupyterHub.bind_url = f"http://127.0.0.1:{env['HUB_PORT']}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{env['HUB_API_PORT']}"
c.JupyterHub.db_url = f"sqlite:///{here}/hub.sqlite"
c.JupyterHub.cookie_secret_file = str(here / "cookie_secret")
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = f"{here}/{{username}}"
c.Spawner.env_keep = ["PATH", "LANG", "HUB_MARK"]
c.Spawner.args = ["--allow-root"] if os.geteuid() == 0 else []  # as in a container
c.Spawner.start_timeout = c.Spawner.http_timeout = 300
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{env['HUB_PROXY_PORT']}"
c.ConfigurableHTTPProxy.command = env["HUB_PROXY"].split("\t")
c.ConfigurableHTTPProxy.pid_file = str(here / "proxy.pid")
c.JupyterHub.services = [{"name": "class", "api_token": env["HUB_TOKEN"]}]
scopes = ["admin:users", "admin:servers", "admin:server_state", "access:servers"]
c.JupyterHub.load_roles = [{"name": "class", "scopes": scopes, "services": ["class"]}]
load_subconfig(env["HUB_SETTINGS"])  # noqa: F821
