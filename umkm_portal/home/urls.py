"""Paths of the landing page, the signed-in home and the account."""

urlpatterns = []
