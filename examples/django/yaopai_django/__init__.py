"""Who calls? Yaopai's answer for Django, in two ways: middleware.py (asks itself) and gateway.py (nginx asked)."""
