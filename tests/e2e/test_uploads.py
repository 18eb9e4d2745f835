"""A large file goes up with a client of the field, over a network that breaks, and comes down."""

import asyncio
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from aiohttp import ClientSession

from portal.settings import CODE
from tests.support.cutting import cut
from tests.support.running_portal import Client, RunningPortal

pytestmark = pytest.mark.e2e

MEBIBYTE: Final = 1024 * 1024
SIZE: Final = 2 * 1024 * MEBIBYTE
CUTS: Final = 10
#: What a process may need more than before, however large the file is.
MOST_MORE: Final = 32 * MEBIBYTE

CASE = "{ cases(first: 1) { nodes { id number } } }"
START = """mutation ($input: StartUploadInput!) { startUpload(input: $input) {
  upload { uploadUrl } errors { code } } }"""
FILES = """query ($number: String!) { case(number: $number) {
  files(first: 100) { nodes { name size sha256 state downloadUrl } } } }"""


def a_large_file(folder: Path, size: int) -> tuple[Path, str]:
    """A file in which no mebibyte is like another, and its SHA-256."""
    path, seen = folder / f"dump-{size}.bin", hashlib.sha256()
    filling = hashlib.sha256(b"filling").digest() * (MEBIBYTE // 32)
    with path.open("wb") as file:
        for number in range(size // MEBIBYTE):
            block = number.to_bytes(8) + filling[8:]
            file.write(block)
            seen.update(block)
    return path, seen.hexdigest()


async def uploaded(client: Client, path: Path, case_id: str, url: str) -> None:
    """By the tus client of the field, to a new upload or to one that was announced."""
    process = await asyncio.create_subprocess_exec(
        "node",
        str(CODE / "tests/oracles/upload.mjs"),
        *(url, str(path), case_id, client.headers["authorization"]),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    assert "/uploads/cases/upl_" in output.decode()


async def announced(client: Client, path: Path, case_id: str, size: int) -> str:
    """Where the file is to go."""
    input = {
        "caseId": case_id,
        "fileName": path.name,
        "size": str(size),
        "idempotencyKey": path.name,
    }
    answer = await client.ask(START, {"input": input})
    url: str = answer["data"]["startUpload"]["upload"]["uploadUrl"]
    return url


async def ready(client: Client, number: str, name: str) -> Any:
    """The file, once it may be fetched."""
    while True:
        answer = await client.ask(FILES, {"number": number})
        [file] = [each for each in answer["data"]["case"]["files"]["nodes"] if each["name"] == name]
        if file["state"] != "SCANNING":
            return file


async def fetched(client: Client, url: str) -> tuple[int, str]:
    """Size and SHA-256 of what comes down."""
    seen, size = hashlib.sha256(), 0
    async with client.session.get(url, headers=client.headers) as response:
        assert response.status == 200
        async for chunk in response.content.iter_chunked(MEBIBYTE):
            seen.update(chunk)
            size += len(chunk)
    return size, seen.hexdigest()


@pytest.mark.timeout(600)
async def test_a_file_of_two_gibibytes_survives_ten_cuts_in_constant_memory(
    portal: RunningPortal,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    async with ClientSession() as session:
        client = await portal.client(session).signed_in("administrator")
        [case] = (await client.ask(CASE))["data"]["cases"]["nodes"]
        small, _ = await asyncio.to_thread(a_large_file, tmp_path, 64 * MEBIBYTE)
        large, sha256 = await asyncio.to_thread(a_large_file, tmp_path, SIZE)
        await uploaded(client, small, case["id"], f"{portal.url}/uploads/cases")
        warm = await ready(client, case["number"], small.name)
        await fetched(client, warm["downloadUrl"])
        processes = {"gateway": portal.gateway_process, "cases": portal.service_process("cases")}
        before = {name: _most_resident(pid, anew=True) for name, pid in processes.items()}

        async with cut(portal.url, [SIZE // 11 * n for n in range(1, CUTS + 1)]) as cuts:
            url = await announced(client, large, case["id"], SIZE)
            await uploaded(client, large, case["id"], url.replace(portal.url, cuts.url))
        file = await ready(client, case["number"], large.name)
        down = await fetched(client, file["downloadUrl"])

    assert cuts.made == CUTS
    assert (file["state"], file["size"], file["sha256"]) == ("READY", str(SIZE), sha256)
    assert down == (SIZE, sha256)
    for name, pid in processes.items():
        more = _most_resident(pid) - before[name]
        record_property(f"resident memory of {name}, more", more)
        assert more <= MOST_MORE, name


def _most_resident(pid: int, *, anew: bool = False) -> int:
    """The most memory that a process has had, in bytes; `anew` counts from now on (proc(5))."""
    if anew:
        Path(f"/proc/{pid}/clear_refs").write_text("5")
    status = Path(f"/proc/{pid}/status").read_text()
    [line] = [each for each in status.splitlines() if each.startswith("VmHWM:")]
    return int(line.split()[1]) * 1024
