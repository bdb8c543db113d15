"""Paths of this room."""

urlpatterns = []
