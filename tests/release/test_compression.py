import gzip
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsynth_kg.release.compression import COMPRESS, COMPRESSORS, decompress
from medsynth_kg.release.errors import NotCompressed


@pytest.mark.parametrize("extension", COMPRESS)
@given(content=st.binary(max_size=5000))
def test_what_was_compressed_unpacks_to_the_same(extension: str, content: bytes) -> None:
    assert decompress(COMPRESS[extension](content), extension) == content


@pytest.mark.parametrize("extension", COMPRESS)
def test_what_is_not_compressed_is_named(extension: str) -> None:
    with pytest.raises(NotCompressed, match=f"is no .{extension}"):
        decompress(b"plain", extension)


def test_gzip_carries_no_name_no_time_and_no_system() -> None:
    compressed = COMPRESS["gz"](b"statement\n" * 100)

    assert compressed[:10] == bytes((0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 255))
    assert gzip.decompress(compressed) == b"statement\n" * 100


@pytest.mark.parametrize("extension", COMPRESS)
def test_another_process_compresses_to_the_same_bytes(extension: str) -> None:
    program = (
        "import sys; from medsynth_kg.release.compression import COMPRESS;"
        "sys.stdout.buffer.write(COMPRESS[sys.argv[1]](b'statement ' * 5000))"
    )

    other = subprocess.run([sys.executable, "-c", program, extension], capture_output=True, check=True).stdout

    assert other == COMPRESS[extension](b"statement " * 5000)


def test_the_compressors_are_named_with_their_versions() -> None:
    assert set(COMPRESSORS) == {"zlib", "zstd"}
    assert all(version[0].isdigit() for version in COMPRESSORS.values())
