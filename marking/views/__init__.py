"""Pages of the marking room."""

from marking.views.hand_back import HandBackView
from marking.views.line import CommentView, LineView
from marking.views.queue import QueueView, TakeNextView, TakeView
from marking.views.sign import ReceiptView, SignView
from marking.views.workspace import NextView, WorkspaceView

__all__ = [
    "CommentView",
    "HandBackView",
    "LineView",
    "NextView",
    "QueueView",
    "ReceiptView",
    "SignView",
    "TakeNextView",
    "TakeView",
    "WorkspaceView",
]
