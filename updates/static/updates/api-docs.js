// The API's document, to read and to try: as oneself, or with a token under “Authorize”.
"use strict";

const place = document.getElementById("swagger-ui");
const isDark = matchMedia("(prefers-color-scheme: dark)");

const shade = () => document.documentElement.classList.toggle("dark-mode", isDark.matches);
isDark.addEventListener("change", shade);
shade();

SwaggerUIBundle({
  domNode: place,
  url: place.dataset.document,
  deepLinking: true,
  validatorUrl: null,
  requestInterceptor: (request) => {
    request.headers["X-CSRFToken"] = place.dataset.csrf;
    return request;
  },
});
