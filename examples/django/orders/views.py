import json

from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse, JsonResponse

from yaopai_django.middleware import yaopai_required
from yaopai_django.problems import problem

from .models import Order

LARGEST_KEY = 2**63 - 1


def home(request):
    return HttpResponse('A shop that knows who calls: GET /whoami, GET and POST /orders/\n', content_type='text/plain')


@yaopai_required
def whoami(request):
    user = request.yaopai_user
    return JsonResponse({
        'user': {'id': user.id, 'nickname': user.nickname},
        'session': {'id': request.yaopai_session.id},
        'orders': Order.objects.filter(yaopai_user_id=user.id).count(),
    })


@yaopai_required
def orders(request):
    mine = Order.objects.filter(yaopai_user_id=request.yaopai_user.id)
    if request.method in ('GET', 'HEAD'):
        return JsonResponse({'orders': [order.as_json() for order in mine.order_by('pk')]})
    if request.method == 'POST':
        return place_order(request)
    return problem('method_not_allowed', 'GET lists your orders, POST places one')


@yaopai_required
def order(request, number):
    mine = Order.objects.filter(yaopai_user_id=request.yaopai_user.id)
    found = mine.filter(pk=number).first() if number <= LARGEST_KEY else None
    return JsonResponse(found.as_json()) if found else problem('not_found', 'You have no such order')


def place_order(request):
    try:
        wanted = json.loads(request.body)
    except RequestDataTooBig:
        return problem('payload_too_large', 'An order has at most 16 kB')
    except (ValueError, RecursionError):
        return problem('invalid_request', 'The body must be JSON', field='body')
    if not isinstance(wanted, dict):
        return problem('invalid_request', 'The body must be an object', field='body')
    item, quantity = wanted.get('item'), wanted.get('quantity', 1)
    if not isinstance(item, str) or not item.isprintable() or not 1 <= len(item.strip()) <= 80:
        return problem('invalid_request', 'item is one line of 1 to 80 characters', field='item')
    if type(quantity) is not int or not 1 <= quantity <= 99:
        return problem('invalid_request', 'quantity is a whole number from 1 to 99', field='quantity')
    placed = Order.objects.create(yaopai_user_id=request.yaopai_user.id, item=item.strip(), quantity=quantity)
    return JsonResponse(placed.as_json(), status=201)
