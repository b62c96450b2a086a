from django.db import models


class User(models.Model):
    """As the tutorial keeps it; the index on the login state is a kindness to it."""

    openid = models.CharField(max_length=64, unique=True)
    session_key = models.CharField(max_length=64)
    user_uuid = models.CharField(max_length=36, unique=True)
    username = models.CharField(max_length=64, null=True)
