"""What a training run of the case takes: the cards that hold it, hours and money of each way, and other people's hours.

Everything here is the estimators' answer for the case's model and data, also where the case states its own hours.
"""

from advisor.costs.training.machines import PublishedHours, TrainingWay, published_hours, ways
from advisor.costs.training.memory import (
    PARTS,
    ArticleMemory,
    Fit,
    MethodMemory,
    Room,
    WaysOut,
    article_memory,
    memory_of_methods,
    rooms,
    ways_out,
)
from advisor.costs.training.run import OptimizerSteps, TrainingPlan, Work, steps, training_plan

__all__ = [
    "PARTS",
    "ArticleMemory",
    "Fit",
    "MethodMemory",
    "OptimizerSteps",
    "PublishedHours",
    "Room",
    "TrainingPlan",
    "TrainingWay",
    "WaysOut",
    "Work",
    "article_memory",
    "memory_of_methods",
    "published_hours",
    "rooms",
    "steps",
    "training_plan",
    "ways",
    "ways_out",
]
