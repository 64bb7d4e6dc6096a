"""What one replica of a tuned model can serve."""

import numpy as np

Number = float | np.ndarray
SMALLEST_WORK = 1e-9


def request_work(input_tokens: Number, output_tokens: Number, prefill_work_share: Number) -> Number:
    """Work of one request, counted in answer tokens. [token]

    A prompt token is read in parallel with many others and costs ``prefill_work_share`` of an
    answer token, which is generated alone.
    """
    return output_tokens + prefill_work_share * input_tokens


def replica_capacity(
    tokens_per_second: Number, reference_work: Number, reference_output_tokens: Number, work_per_request: Number
) -> Number:
    """Requests per second of one replica. [requests/s]

    ``tokens_per_second`` are the answer tokens measured on a loaded replica at the reference lengths;
    the work done there per second is carried over to requests of other lengths.

    Warnings
    --------
    Answer tokens per second alone say nothing about long prompts with short answers: the prompt work is left out.
    A request without tokens meets no limit in practice (1e9 times the work rate).
    """
    work_per_second = tokens_per_second * reference_work / reference_output_tokens
    return work_per_second / np.maximum(work_per_request, SMALLEST_WORK)
