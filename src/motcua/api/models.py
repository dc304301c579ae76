"""Tables of the programming interface: tokens of other systems, what was already answered, files not yet used."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Token(models.Model):
    """Mã truy cập của một hệ thống: acts as a staff account of its own, within scopes; only its digest is stored."""

    digest = models.TextField(primary_key=True)
    name = models.TextField()
    staff = models.ForeignKey("organisations.Staff", models.CASCADE, related_name="+")
    scopes = ArrayField(models.TextField())
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)


class Answered(models.Model):
    """Yêu cầu đã trả lời: asked again under the same key, the same answer is given and nothing is done twice."""

    pk = models.CompositePrimaryKey("actor", "key")
    actor = models.TextField()
    key = models.TextField()
    request_digest = models.TextField()
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="answered_at")]


class Upload(models.Model):
    """Tệp đã gửi lên, chưa hoặc đã dùng: only the system that sent it may name it in an act."""

    id = models.UUIDField(primary_key=True)
    staff = models.ForeignKey("organisations.Staff", models.CASCADE, related_name="+")
    name = models.TextField()
    media_type = models.TextField()
    size = models.PositiveBigIntegerField()
    sha256 = models.TextField()
    at = models.DateTimeField()
