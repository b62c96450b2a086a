"""The tutorial's two steps: a code becomes a login state; a login state says who calls."""
import json
import os
import urllib.parse
import urllib.request
import uuid

from django.http import JsonResponse

from .models import User


def login(request):
    query = urllib.parse.urlencode(
        {
            "appid": "wx0000000000000000",
            "secret": "0" * 32,
            "js_code": request.GET["code"],
            "grant_type": "authorization_code",
        }
    )
    with urllib.request.urlopen(f"{os.environ['WECHAT']}/sns/jscode2session?{query}", timeout=3) as answer:
        known = json.loads(answer.read())
    user_uuid = str(uuid.uuid4())
    try:
        user = User.objects.get(openid=known["openid"])
        user.session_key = known["session_key"]
        user.user_uuid = user_uuid
        user.save()
    except User.DoesNotExist:
        User.objects.create(
            openid=known["openid"],
            session_key=known["session_key"],
            user_uuid=user_uuid,
            username=request.GET.get("userInfo"),
        )
    return JsonResponse({"user_uuid": user_uuid})


def whoami(request):
    user = User.objects.get(user_uuid=request.META["HTTP_OPENID"])
    return JsonResponse({"user": user.username})
