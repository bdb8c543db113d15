"""The programmes' part of the API: (prefix, viewset, basename), room by room."""

routes = []
