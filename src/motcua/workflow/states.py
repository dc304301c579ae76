"""The ten states the national portal knows."""

from enum import IntEnum


class PortalState(IntEnum):
    """Trạng thái hồ sơ trên Cổng DVCQG: the only state code that systems exchange."""

    REGISTERED = 1
    RECEIVED = 2
    REFUSED = 3
    IN_PROGRESS = 4
    SUPPLEMENT_REQUESTED = 5
    PAYMENT_REQUIRED = 6
    WITHDRAWAL_REQUESTED = 7
    STOPPED = 8
    RESOLVED = 9
    RETURNED = 10
