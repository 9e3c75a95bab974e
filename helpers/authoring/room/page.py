MEASURED=None
def read(): return {}
