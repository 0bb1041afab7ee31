"""How the site sees a request of `flask doctor`: its address, and through how many proxies it came."""

from flask import Blueprint, Response, abort, jsonify, request

from wss import clock
from wss.services.operations.site_probe import is_probe_token, probe_proof

doctor = Blueprint("doctor", __name__)


@doctor.get("/doctor")
def probe() -> Response:
    """Return the address and the number of proxies; 404 for every request but the doctor's."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not is_probe_token(token, clock.now()):
        abort(404)
    forwarded_for = [one for one in request.headers.get("X-Forwarded-For", "").split(",") if one.strip()]
    answer = jsonify(address=request.remote_addr, proxies=len(forwarded_for), proof=probe_proof(token))
    answer.headers["Cache-Control"] = "no-store"
    return answer
