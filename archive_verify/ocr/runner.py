"""OpenVINO as the inference runner behind PaddleOCR's predictors."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

_BF16_FLAGS = frozenset({"avx512_bf16", "amx_bf16"})


class OpenVinoRunner:
    """A callable in place of `paddlex_predictor.runner`: arrays in, list of arrays out.

    The returned array is valid until the next call. bf16 is taken only where the CPU computes in it;
    emulated it would be slower than f32. `kernels` are kept for shapes that come again.
    """

    def __init__(self, model: Path, *, precision: str, kernels: int, threads: int = 1) -> None:
        import openvino

        core = openvino.Core()
        self._compiled = core.compile_model(str(model), "CPU", {
            "INFERENCE_PRECISION_HINT": precision,
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": 1,
            # It would bind each process to the first core, one and the same for all of them.
            "ENABLE_CPU_PINNING": False,
            # Every shape that comes up keeps its compiled kernels up to here.
            "CPU_RUNTIME_CACHE_CAPACITY": kernels,
        })
        self._request = self._compiled.create_infer_request()

    def __call__(self, x: Sequence[np.ndarray[Any, Any]]) -> list[np.ndarray[Any, Any]]:
        self._request.infer({0: x[0]}, share_inputs=True)
        return [self._request.get_output_tensor(0).data]

    def close(self) -> None:
        """Nothing is held beyond the object itself."""


def best_precision() -> str:
    """"bf16" where the CPU has native bf16 instructions, else "f32"."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return "f32"
    flags = next((line for line in text.splitlines() if line.startswith("flags")), "")
    return "bf16" if _BF16_FLAGS & set(flags.split()) else "f32"
