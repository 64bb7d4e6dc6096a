"""The estimates held against published measurements: tables read, predicted and scored."""
