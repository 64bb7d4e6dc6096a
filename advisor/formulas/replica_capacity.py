"""How many requests a replica carries, from the tokens per second that were measured or estimated at other lengths.

Every argument may be a float or an array.
"""

import numpy as np
from numpy.typing import NDArray

Numbers = float | NDArray[np.float64]
SMALLEST_WORK = 1e-9


def request_work(input_tokens: Numbers, output_tokens: Numbers, prefill_work_share: Numbers) -> Numbers:
    """Work of one request, counted in answer tokens. [token]

    A prompt token is read in parallel with many others and costs ``prefill_work_share`` of an
    answer token, which is generated alone.

    Parameters
    ----------
    input_tokens : float or array [tokens/request]
    output_tokens : float or array [tokens/request]
    prefill_work_share : float or array [answer tokens/prompt token]

    Returns
    -------
    float or array [answer tokens/request]

    References
    ----------
    Model of this tool.
    """
    return output_tokens + prefill_work_share * input_tokens


def replica_capacity(
    tokens_per_second: Numbers, reference_work: Numbers, reference_output_tokens: Numbers, work_per_request: Numbers
) -> Numbers:
    """Requests per second of one replica. [requests/s]

    ``tokens_per_second`` are the answer tokens measured on a loaded replica at the reference lengths;
    the work done there per second is carried over to requests of other lengths.

    Parameters
    ----------
    tokens_per_second : float or array [tokens/s]
    reference_work : float or array [answer tokens/request]
    reference_output_tokens : float or array [tokens/request]
    work_per_request : float or array [answer tokens/request]

    Returns
    -------
    float or array [requests/s]

    Warnings
    --------
    Answer tokens per second alone say nothing about long prompts with short answers: the prompt work is left out.
    A request without tokens meets no limit in practice (1e9 times the work rate).

    References
    ----------
    Model of this tool.
    """
    work_per_second = tokens_per_second * reference_work / reference_output_tokens
    return work_per_second / np.maximum(work_per_request, SMALLEST_WORK)
