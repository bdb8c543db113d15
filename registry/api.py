"""The registry's part of the API: (prefix, viewset, basename), room by room."""

routes = []
