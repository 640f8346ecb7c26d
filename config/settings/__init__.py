"""Settings: `base` is shared; `local`, `test` and `production` say what differs there."""
