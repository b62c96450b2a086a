from django.db import models


class Order(models.Model):
    """Business data of one user. The key is Yaopai's user id: no openid, no token, no copy of a profile."""

    yaopai_user_id = models.CharField(max_length=80, db_index=True)
    item = models.CharField(max_length=80)
    quantity = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    def as_json(self):
        return {'id': self.pk, 'item': self.item, 'quantity': self.quantity, 'createdAt': self.created_at}
