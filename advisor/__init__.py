"""Should this team fine-tune a model, which way, and when does the money come back?"""

__version__ = "0.3.2"
