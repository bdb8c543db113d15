"""What gunicorn keeps to wherever it is started in this folder; it reads this file by itself. Address and
number of workers stand in deploy/umkm-portal.service.
"""

from gunicorn.glogging import Logger

from umkm_portal.lib.redact import RedactPersonalNumbers


class RedactingLogger(Logger):
    """gunicorn names the address of a request that failed, ran too long or could not be read, with its
    traceback. An owner's link is a key, so its lines are struck out like the portal's own."""

    def setup(self, cfg):
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            if not any(isinstance(kept, RedactPersonalNumbers) for kept in log.filters):
                log.addFilter(RedactPersonalNumbers())


logger_class = RedactingLogger
