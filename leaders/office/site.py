from django.contrib.admin import AdminSite


class OfficeSite(AdminSite):
    """The programme office: Today, search, and every record the director works with."""

    site_header = "Programme office"
    site_title = "Programme office"
    index_title = "Today"
