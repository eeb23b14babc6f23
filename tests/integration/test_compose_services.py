"""Every service of docker-compose.yml as the file says, without containers: in a network where its names and ports are.

From an empty folder to a class that was created, and a report that was taken out. What runs here is the file's own
command, environment and health check; postgres:18 is Debian's PostgreSQL, set up as that image does it.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from runtime.local_stack.backup import KEPT_DAYS, KEPT_MONTHS, KEPT_WEEKS, expired
from runtime.migrations import program
from tests.integration.test_deployment import COMPOSE, PROGRAMS, ROOT, SECRETS

# The images of these services have programs that Debian does not; what stands in for them, or None where nothing does.
NOT_HERE = {
    "temporal-schema": None,
    "temporal": "temporal server start-dev",
    "temporal-ui": None,
    "mailpit": "aiosmtpd",
}
HOSTS = "127.0.0.1 localhost postgres temporal mailpit\n"
LOOPBACK_UP = (
    "import fcntl, socket, struct; "
    "fcntl.ioctl(socket.socket(), 0x8914, struct.pack('16sh', b'lo', 0x41))"  # SIOCSIFFLAGS: up and running
)
# The YAML that Debian's Docker Compose brings along is not one of our packages.
TO_JSON = "import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)"
READY_SECONDS = 90.0
OURS = ("migrate", "worker", "web", "mile")
# The health check of Mailpit asks Mailpit itself.
WITHOUT_CHECK = ("mailpit",)


def _may_have_a_network() -> bool:
    return os.geteuid() == 0 and subprocess.run(["unshare", "--net", "--mount", "true"], check=False).returncode == 0


pytestmark = [
    pytest.mark.skipif(not shutil.which("docker-compose"), reason="needs Docker Compose: apt install docker-compose"),
    pytest.mark.skipif(not (PROGRAMS / "initdb").exists(), reason="needs PostgreSQL: apt install postgresql"),
    pytest.mark.skipif(not _may_have_a_network(), reason="needs root, for a network of its own"),
]


def compose_file() -> dict[str, Any]:
    """Return the file as Docker Compose understands it, with the variables of the operator in place."""
    text = "\n".join(line for line in COMPOSE.read_text().splitlines() if not line.startswith("name:"))
    with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
        file.write(text)
        file.flush()
        compose = ["docker-compose", "--file", file.name, "--project-directory", str(ROOT)]
        command = [*compose, "--profile", "commands", "config"]
        environment = os.environ | SECRETS | {"MILE_LINK_SECRET": "0123456789abcdef" * 2}
        told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    read = subprocess.run(["/usr/bin/python3", "-c", TO_JSON], input=told, capture_output=True, text=True, check=True)
    services: dict[str, Any] = json.loads(read.stdout)["services"]
    return services


@dataclass
class Containers:
    """A network of its own with the file's names, and the services that were started in it."""

    services: dict[str, Any]
    holder: subprocess.Popen[bytes]
    made: Path

    def run(self, name: str, *command: str, folder: Path | None = None, check: bool = True, **different: str) -> str:
        """Run a service, or another command of it, to its end; return what it printed."""
        ran = subprocess.run(
            self._inside(self._command(name, command), folder),
            env=self.environment(name) | different,
            capture_output=True,
            text=True,
            check=False,
        )
        assert not check or ran.returncode == 0, f"{name}: {ran.stdout}{ran.stderr}"
        return ran.stdout

    @contextlib.contextmanager
    def running(self, name: str, *instead: str) -> Iterator[None]:
        """Start a service, or what stands in for it; wait for its health check, and stop it as Docker does."""
        command = [*instead] or self._command(name, ())
        with (self.made / f"{name}.log").open("wb") as log:
            started = subprocess.Popen(
                self._inside(command), env=self.environment(name), stdout=log, stderr=subprocess.STDOUT
            )
        try:
            if name not in WITHOUT_CHECK:
                self._wait_until_healthy(name, started)
            yield
        finally:
            started.terminate()
            started.wait(int(self.services[name]["stop_grace_period"].rstrip("s")) if name in OURS else 60)

    def environment(self, name: str) -> dict[str, str]:
        """Return the environment of a service's container: the file's, and where programs are."""
        programs = [Path(sys.executable).parent, Path(program("temporal")).parent, PROGRAMS]
        path = ":".join([*map(str, programs), "/usr/bin", "/bin", "/usr/sbin", "/sbin"])
        given = {
            key: str(value)
            for key, value in (self.services[name].get("environment") or {}).items()
            if value is not None
        }
        return {"PGHOST": str(self.made)} | given | {"PATH": path, "PYTHONPATH": str(ROOT), "HOME": str(self.made)}

    def source_of(self, name: str, target: str) -> str:
        """Return the file on this machine that a service sees at a path."""
        for volume in self.services[name].get("volumes", []):
            source, _, rest = (
                volume.partition(":") if isinstance(volume, str) else (volume["source"], "", volume["target"])
            )
            if rest.partition(":")[0] == target:
                return str(source)
        raise LookupError(target)

    def healthy(self, name: str) -> bool:
        _, *check = self.services[name]["healthcheck"]["test"]
        if name == "temporal" and not shutil.which(check[0]):
            # The program is in the image; what it asks is whether somebody listens there.
            check = [sys.executable, "-c", f"import socket; socket.create_connection(('{check[2]}', {check[3]}))"]
        ran = subprocess.run(self._inside(check), env=self.environment(name), capture_output=True, check=False)
        return ran.returncode == 0

    def _wait_until_healthy(self, name: str, started: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + READY_SECONDS
        while not self.healthy(name):
            log = self.made / f"{name}.log"
            assert started.poll() is None, f"{name}: {log.read_text()}"
            assert time.monotonic() < until, f"{name}: {log.read_text()}"
            time.sleep(0.2)

    def _command(self, name: str, command: Sequence[str]) -> list[str]:
        if command:
            return [*command] if name not in OURS else [sys.executable, "-m", "cli.main", *command]
        service = self.services[name]
        if entrypoint := service.get("entrypoint"):
            return [self.source_of(name, part) if part.endswith(".sh") else part for part in entrypoint]
        return [sys.executable, "-m", "cli.main", *service["command"]]

    def _inside(self, command: Sequence[str], folder: Path | None = None) -> list[str]:
        network = ["nsenter", "--target", str(self.holder.pid), "--net", "--mount", f"--wd={folder or self.made}"]
        return [*network, "--", *command]


@pytest.fixture
def containers() -> Iterator[Containers]:
    with tempfile.TemporaryDirectory(prefix="mile-compose-") as folder:
        made = Path(folder)
        made.chmod(0o755)
        (made / "hosts").write_text(HOSTS)
        prepare = (
            f'mount --bind {made}/hosts /etc/hosts && {sys.executable} -c "{LOOPBACK_UP}" && echo up && exec sleep inf'
        )
        holder = subprocess.Popen(["unshare", "--net", "--mount", "sh", "-c", prepare], stdout=subprocess.PIPE)
        assert holder.stdout
        assert holder.stdout.readline() == b"up\n"
        holder.stdout.close()
        try:
            yield Containers(compose_file(), holder, made)
        finally:
            holder.kill()
            holder.wait()


@contextlib.contextmanager
def postgres(containers: Containers) -> Iterator[None]:
    """Run PostgreSQL with a new volume, as its image does: a superuser, then the scripts that the file hands in."""
    as_postgres = ["runuser", "--user", "postgres", "--"]
    shutil.chown(containers.made, "postgres")
    data, password = f"{containers.made}/data", containers.environment("postgres")["POSTGRES_PASSWORD"]
    (containers.made / "password").write_text(password)
    shutil.chown(containers.made / "password", "postgres")
    for command in (
        [str(PROGRAMS / "initdb"), "--pgdata", data, "--username=postgres", f"--pwfile={containers.made}/password"],
        ["sh", "-c", f"echo 'local all all trust\nhost all all all scram-sha-256' > {data}/pg_hba.conf"],
    ):
        subprocess.run([*as_postgres, *command], check=True, capture_output=True)
    options = ["-c", f"unix_socket_directories={containers.made}", "-c", "fsync=off"]
    with containers.running("postgres", *as_postgres, str(PROGRAMS / "postgres"), "-D", data, *options):
        script = containers.source_of("postgres", "/docker-entrypoint-initdb.d/databases.sh")
        containers.run("postgres", "sh", script)
        yield


@contextlib.contextmanager
def temporal(containers: Containers) -> Iterator[None]:
    """Run the development server in place of the image's, with the file's dynamic configuration."""
    settings = containers.source_of("temporal", containers.environment("temporal")["DYNAMIC_CONFIG_FILE_PATH"])
    read = subprocess.run(
        ["/usr/bin/python3", "-c", TO_JSON],
        input=Path(settings).read_text(),
        capture_output=True,
        text=True,
        check=True,
    )
    dynamic = [
        f"--dynamic-config-value={name}={json.dumps(values[0]['value'])}"
        for name, values in json.loads(read.stdout).items()
    ]
    server = [program("temporal"), "server", "start-dev", "--headless", "--log-level", "error", *dynamic]
    with containers.running("temporal", *server):
        containers.run("temporal-namespace")
        yield


def test_from_an_empty_folder_to_a_created_class_and_a_report(containers: Containers) -> None:
    files = containers.made / "files"
    files.mkdir()
    mailbox = [sys.executable, "-m", "aiosmtpd", "--nosetuid", "--listen", "127.0.0.1:1025"]
    with postgres(containers), temporal(containers), containers.running("mailpit", *mailbox):
        assert_logins_have_their_own_databases_alone(containers)
        assert "Search attributes registered" in containers.run("migrate")
        # It can run again without harm, as an update does.
        assert "search attributes are in place" in containers.run("migrate")
        with containers.running("worker"), containers.running("web"):
            shutil.copytree(ROOT / "examples" / "two-weeks", files / "two-weeks")
            containers.run("mile", "cohort", "create", "two-weeks", "--yes", folder=files)
            shown = containers.run("mile", "cohort", "show", "two-weeks", "--json", folder=files)
            assert json.loads(shown)["id"] == "two-weeks"
            containers.run("mile", "cohort", "report", "two-weeks", "--interim", "--html", "report.html", folder=files)
            doctor = containers.run("web", "doctor", check=False)
        made = assert_copied(containers)
        assert_restored(containers, made)
        assert "up to date" in containers.run("migrate")
    assert "<html" in (files / "report.html").read_text()
    print(f"\nnot here: {', '.join(f'{name} ({other})' if other else name for name, other in NOT_HERE.items())}")
    failed = [line for line in doctor.splitlines() if line.startswith("failed")]
    # The example's sender, and nothing else.
    assert [line.split()[1].rstrip(":") for line in failed] == ["Sender"], doctor
    ran = {"postgres", "temporal-namespace", "migrate", "worker", "web", "mile", "backup"}
    assert ran | NOT_HERE.keys() == containers.services.keys()


def asked(containers: Containers, question: str, database: str = "mile", *, check: bool = True) -> str:
    """Return what PostgreSQL answers its superuser, or whoever an address of a database names."""
    psql = ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1"]
    return containers.run("backup", *psql, "--dbname", database, "--command", question, check=check).strip()


def assert_logins_have_their_own_databases_alone(containers: Containers) -> None:
    """Check that whoever reads the environment of a service of ours has the program's database, and nothing else."""
    for name in OURS:
        assert not any(SECRETS["POSTGRES_PASSWORD"] in value for value in containers.environment(name).values())
    url = containers.environment("web")["MILE_DATABASE_URL"]
    temporal = f"postgresql://temporal:{SECRETS['TEMPORAL_DATABASE_PASSWORD']}@postgres:5432/"
    rights = "select rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls from pg_roles where rolname = "
    assert asked(containers, f"{rights} current_user", url) == "f|f|f|f|f"
    assert asked(containers, f"{rights} current_user", f"{temporal}temporal_visibility") == "f|f|f|f|f"
    assert asked(containers, "select 1", f"{temporal}mile", check=False) == ""
    assert asked(containers, "select 1", f"{url.removesuffix('mile')}temporal", check=False) == ""
    program = "copy (select 1) to program 'cat > /dev/null'; select 'done'"
    assert asked(containers, program, url, check=False) == ""
    assert asked(containers, program) == "done"


def backup(containers: Containers, *arguments: str, check: bool = True) -> str:
    script = containers.source_of("backup", "/backup.sh")
    folder = str(containers.made / "backups")
    return containers.run("backup", "/bin/sh", script, *arguments, BACKUP_FOLDER=folder, check=check)


def assert_copied(containers: Containers) -> str:
    """Make a backup; return its name. An email waits in it."""
    asked(
        containers,
        "insert into outbox "
        "(key, scope_id, cohort_id, kind, recipient, asks, automatic, priority, due_at, requested_at) "
        "values ('waits', 'two-weeks', 'two-weeks', 'staff_note', 'staff', '[]', true, 1, now(), now())",
    )
    backup(containers, "once")
    [made] = (containers.made / "backups").glob("mile-*Z")
    containers.run("backup", "sha256sum", "--check", "SHA256SUMS", folder=made)
    return made.name


def wait_until(holds: Callable[[], bool]) -> None:
    for _ in range(300):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError("did not come to hold within half a minute")


def assert_restored(containers: Containers, made: str) -> None:
    """Restore a backup: what came later is gone and still there, emails are held, and logins are what they were."""
    asked(containers, "create table made_later (id int)")
    connected = subprocess.Popen(
        containers._inside(["psql", "--dbname", "mile", "--command", "select pg_sleep(60)"]),
        env=containers.environment("backup"),
    )
    sleeping = "select count(*) from pg_stat_activity where query = 'select pg_sleep(60)'"
    wait_until(lambda: asked(containers, sleeping, "postgres") != "0")
    assert "restored" not in backup(containers, "restore", made, check=False)
    connected.terminate()
    connected.wait()
    ended = "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = 'mile'"
    wait_until(lambda: asked(containers, ended, "postgres") == "0")
    assert asked(containers, "select to_regclass('made_later')") == "made_later"

    assert "emails that are held: 1" in backup(containers, "restore", made)
    assert asked(containers, "select id from cohort") == "two-weeks"
    assert asked(containers, "select key, state from outbox") == "waits|held"
    assert asked(containers, "select to_regclass('made_later')") == ""
    names = "select string_agg(datname, ' ' order by datname) from pg_database where datname ~ '^(mile|temporal)'"
    [mile, before, *others] = asked(containers, names, "postgres").split()
    assert (mile, before.partition("_before_")[0], len(others)) == ("mile", "mile", 4)
    assert asked(containers, "select to_regclass('made_later')", before) == "made_later"
    url = containers.environment("web")["MILE_DATABASE_URL"]
    asked(containers, "create table made_by_the_owner (id int)", url)
    assert_logins_have_their_own_databases_alone(containers)


def test_backups_are_kept_as_mile_backup_keeps_them(tmp_path: Path) -> None:
    day = date(2026, 11, 29)
    days = (*range(40), *range(40, 420, 5))
    names = [f"mile-{day - timedelta(days=ago):%Y%m%d}T030000Z" for ago in days]
    for name in names:
        (tmp_path / name).mkdir()
    without_databases = (ROOT / "deploy" / "backup.sh").read_text().replace("\n  copy\n", "\n")
    environment = os.environ | {"BACKUP_FOLDER": str(tmp_path)}
    subprocess.run(["sh", "-c", without_databases, "backup.sh", "once"], env=environment, check=True)
    left = {made.name for made in tmp_path.glob("mile-*")}
    assert left == set(names) - set(expired(names))
    assert 20 < len(left) <= KEPT_DAYS + KEPT_WEEKS + KEPT_MONTHS


def test_a_folder_for_classes_reaches_the_commands(containers: Containers) -> None:
    service = containers.services["mile"]
    assert containers.source_of("mile", service["working_dir"]) == str(ROOT / "files")
