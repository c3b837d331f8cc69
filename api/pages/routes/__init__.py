"""The routes of the pages, by subject. None of them is part of the documented API."""

from api.pages.routes import account, archives, files

ROUTERS = (files.router, account.router, archives.router)
