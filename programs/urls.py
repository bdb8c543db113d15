"""The programmes' paths, room by room."""

urlpatterns = []
