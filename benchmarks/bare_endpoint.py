"""A bare endpoint for a form: one insert in PostgreSQL, one signal to a workflow, a redirect, and no more.

``python -m benchmarks.bare_endpoint PORT`` serves it by uvicorn on uvloop, with everything as it comes.
"""

import json
import sys

import asyncpg
import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route

from runtime.settings import read_settings
from runtime.temporal import connect

TABLE = """
create table bare_answer (
    id bigint generated always as identity primary key, workflow_id text not null, answers jsonb not null
)
"""
INSERT = "insert into bare_answer (workflow_id, answers) values ($1, $2)"


async def main() -> None:
    """Serve until this process is killed."""
    settings = read_settings()
    client = await connect(settings)
    async with asyncpg.create_pool(settings.database_url.get_secret_value(), min_size=1, max_size=8) as pool:

        async def answer(request: Request) -> RedirectResponse:
            workflow_id = request.path_params["workflow_id"]
            async with request.form() as form:
                answers = dict(form.items())
            await pool.execute(INSERT, workflow_id, json.dumps(answers))
            await client.get_workflow_handle(workflow_id).signal("answer")
            return RedirectResponse(f"/{workflow_id}/thanks", status_code=303)

        app = Starlette(routes=[Route("/{workflow_id}", answer, methods=["POST"])])
        config = uvicorn.Config(app, host="127.0.0.1", port=int(sys.argv[1]), log_config=None, access_log=False)
        await uvicorn.Server(config).serve()


if __name__ == "__main__":
    uvloop.run(main())
