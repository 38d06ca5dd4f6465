"""nginx as the limit: it answers the same bytes."""

import time

import measure

NGINX = """daemon off; master_process off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off; keepalive_requests 100000000;
    client_body_temp_path {folder}/1; proxy_temp_path {folder}/2; fastcgi_temp_path {folder}/3;
    uwsgi_temp_path {folder}/4; scgi_temp_path {folder}/5;
    server {{ listen 127.0.0.1:{port}; location / {{ default_type application/json; {headers} return 200 '{body}'; }} }}
}}
"""


def start(folder, answer):
    """(process, port) of one worker that gives `answer`, a (status, headers, body) of ours, as a static answer."""
    folder.mkdir(exist_ok=True)
    port = measure.free_port()
    own = {"server", "date", "content-type", "content-length", "connection"}
    headers = " ".join(f"add_header {name} \"{value}\";" for name, value in answer[1].items() if name.lower() not in own)
    conf = folder / "nginx.conf"
    conf.write_text(NGINX.format(folder=folder, port=port, headers=headers, body=answer[2].decode()))
    begun = time.monotonic()
    process = measure.start(["nginx", "-c", conf, "-p", folder], folder / "log")
    measure.first_answer(process, port, "/", begun)
    return process, port
