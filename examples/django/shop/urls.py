from django.urls import path

from orders import views

urlpatterns = [
    path('', views.home),
    path('whoami', views.whoami),
    path('orders/', views.orders),
    path('orders/<int:number>/', views.order),
]
