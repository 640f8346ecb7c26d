"""MP3: an optional tag, then frames one behind the other."""

from typing import IO

from lib.inspection.decision import damaged, hidden
from lib.inspection.marks import check_alone, only_zeros_follow

TYPE = "audio/mpeg"
FEWEST_FRAMES = 3
BIT_RATES = {
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
SAMPLE_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
TAGS_BEHIND = (b"TAG", b"APETAGEX", b"LYRICSBEGIN", b"ID3")
BLOCK = 1024 * 1024
LONGEST_TAIL = 64 * 1024


def check_mp3(file: IO[bytes]) -> str:
    """Return the type of an MP3. Raises Unfit."""
    check_alone(file)
    end = file.seek(0, 2)
    start = _behind_tag(file, end)
    announced = _announced(file, start)
    frames, at = 0, start
    while at < end:
        file.seek(at)
        length = frame_length(file.read(4))
        if not length:
            break
        frames += 1
        at += length
    if frames < FEWEST_FRAMES or at > end or start + announced > end:
        raise damaged()
    _check_behind(file, at, end)
    return TYPE


def frame_length(header: bytes) -> int:
    """Return how many bytes a frame has by its header, or 0 where none begins."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        return 0
    version, rate = header[1] >> 3 & 3, header[2] >> 4
    sampling, padding = header[2] >> 2 & 3, header[2] >> 1 & 1
    if version == 1 or rate in (0, 15) or sampling == 3:
        return 0
    bits = BIT_RATES[1 if version == 3 else 2][rate] * 1000
    return (144 if version == 3 else 72) * bits // SAMPLE_RATES[version][sampling] + padding


def _behind_tag(file: IO[bytes], end: int) -> int:
    """Return where the frames begin: behind the tag, and behind the zeros that some writers leave."""
    file.seek(0)
    head = file.read(10)
    start = 0
    if head.startswith(b"ID3"):
        size = 0
        for seven_bits in head[6:10]:
            if seven_bits > 127:
                raise damaged()
            size = size << 7 | seven_bits
        start = 10 + size
    if start > end:
        raise damaged()
    file.seek(start)
    zeros = file.read(BLOCK)
    return start + len(zeros) - len(zeros.lstrip(b"\0"))


def _announced(file: IO[bytes], start: int) -> int:
    """Return how many bytes the first frame says there are; 0 where it does not say."""
    file.seek(start)
    frame = file.read(200)
    for mark in (b"Xing", b"Info"):
        at = frame.find(mark)
        if 0 <= at <= 40 and frame[at + 7] & 2:
            after = at + 8 + (4 if frame[at + 7] & 1 else 0)
            return int.from_bytes(frame[after : after + 4], "big")
    return 0


def _check_behind(file: IO[bytes], at: int, end: int) -> None:
    file.seek(at)
    rest = file.read(LONGEST_TAIL)
    is_tag = rest.startswith(TAGS_BEHIND) and end - at <= LONGEST_TAIL
    if not is_tag and (rest.strip(b"\0") or not only_zeros_follow(file)):
        raise hidden()
