"""Paths of this room."""

from django.urls import path

from registry.regions import posts, working

urlpatterns = [
    path("jabatan/", posts.post_list, name="post-list"),
    path("jabatan/perpanjang/", posts.post_renew_many, name="post-renew-many"),
    path("jabatan/baru/", posts.post_new, name="post-new"),
    path("jabatan/kelurahan/", working.choose, name="working-in"),
    path("jabatan/<int:pk>/", posts.post_detail, name="post-detail"),
]
