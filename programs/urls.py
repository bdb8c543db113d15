"""The programmes' paths, room by room."""

from programs.monthly.urls import urlpatterns as monthly
from programs.visits.forum_urls import urlpatterns as forums
from programs.visits.urls import urlpatterns as visits

urlpatterns = [*visits, *forums, *monthly]
