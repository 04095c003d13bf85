# Varnish in front of Marquee. Needs PURGE_BACKEND=ban, PURGE_URLS=http://this-varnish/ and PURGE_TOKEN.
# Lifetimes come from Cache-Control: no answer outlives the instant at which it changes by itself.
vcl 4.1;

backend marquee {
    .host = "127.0.0.1";
    .port = "8000";
}

sub vcl_recv {
    # Marquee’s web server takes these for the names with hyphens, and whichever comes last is believed.
    unset req.http.X_Forwarded_For;
    unset req.http.X_Forwarded-For;
    unset req.http.X-Forwarded_For;
    unset req.http.X_Forwarded_Proto;
    unset req.http.X_Forwarded-Proto;
    unset req.http.X-Forwarded_Proto;
    if (req.method == "BAN") {
        if (req.http.X-Ban-Token != "change-me") {
            return (synth(403, "Not allowed"));
        }
        ban("obj.http.Surrogate-Key ~ " + req.http.X-Ban-Surrogate-Key);
        return (synth(200, "Forgotten"));
    }
    if (req.url ~ "^/(admin|readyz)") {
        return (pass);
    }
    unset req.http.Cookie;
}

sub vcl_deliver {
    # The tags are between Marquee and its caches.
    unset resp.http.Surrogate-Key;
    unset resp.http.Cache-Tag;
}
